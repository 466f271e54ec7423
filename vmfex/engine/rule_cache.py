"""Rules and scenarios as they were parsed and linted, kept between runs as Python keeps bytecode:
beside the code, by whoever may write there, and nowhere else (a host under certification is never
written to).

The name is the digest of all that they were made from, the first line that of the rest. What the
owner of the code did not write, or what is damaged, is not used. It only saves time: every fault of
it is passed over.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.scenario import Scenario, Step

Kept = tuple[tuple[Rule, ...], tuple[Scenario, ...]]
PLACE = Path(__file__).with_name("__pycache__")
OTHERS = 0o022  # may write


def read(digest: str) -> Kept | None:
    """What is kept under the digest; None where nothing is."""
    try:
        status = _place(digest).stat()
        if not S_ISREG(status.st_mode) or status.st_mode & OTHERS:
            return None
        if status.st_uid != Path(__file__).stat().st_uid:
            return None
        seal, _, text = _place(digest).read_bytes().partition(b"\n")
        if seal.decode() != sha256(text).hexdigest():
            return None
        kept = json.loads(text)
        return tuple(map(_rule, kept["rules"])), tuple(map(_scenario, kept["scenarios"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(digest: str, rules: tuple[Rule, ...], scenarios: tuple[Scenario, ...]) -> None:
    """Keeps them, and nothing older."""
    if sys.dont_write_bytecode:
        return
    kept = {"rules": [asdict(rule) for rule in rules], "scenarios": [asdict(s) for s in scenarios]}
    text = json.dumps(kept).encode("ascii")
    with suppress(OSError):
        place = _place(digest)
        place.parent.mkdir(exist_ok=True)
        aside = place.with_name(f".{place.name}.{os.getpid()}")
        aside.write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)
        aside.chmod(0o644)
        aside.replace(place)
        for old in _others(place):
            old.unlink(missing_ok=True)


def _others(place: Path) -> Iterator[Path]:
    return (path for path in place.parent.glob("rules-*.json") if path != place)


def _place(digest: str) -> Path:
    return PLACE / f"rules-{digest.removeprefix('sha256:')}.json"


def _rule(kept: dict[str, Any]) -> Rule:
    return Rule(**{**kept, "severity": Severity(kept["severity"])})


def _scenario(kept: dict[str, Any]) -> Scenario:
    return Scenario(**{**kept, "steps": tuple(map(_step, kept["steps"]))})


def _step(kept: dict[str, Any]) -> Step:
    table = kept["table"]
    return Step(**{**kept, "table": table and tuple(map(tuple, table))})
