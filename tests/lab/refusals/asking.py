"""Asks one generation of libvirt about every refusal, in one boot."""

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.generations import Generation
from tests.lab.lab import BOOT_LIMIT, START
from tests.lab.machine import LabError, Machine
from tests.lab.parts import Parts
from tests.lab.refusals.refusal import REFUSED, TWIN, load
from tests.support.libvirtd import QEMU_CONF
from vmfex.evidence.sources.capture import SCRIPT

LIMIT = 600.0  # seconds for a refusal and its twin
RUNNER = START.with_name("refusals.sh")
# An igb takes no port profile: libvirt has refused nothing when it comes as far as asking for one.
# libvirt 7.0 says the second in its place: it cannot delete the macvtap then, on this kernel.
EMULATED = ("sending of PortProfileRequest failed", "error destroying network device macvtap")
VERSION = re.compile(r"^Using library: libvirt (\d+\.\d+)\.\d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What libvirt said about a variant's domains, by name: nothing where it did as it was told."""

    defined: Mapping[str, str | None]
    started: Mapping[str, str | None]
    capture: Path

    def refusal(self, domain: str) -> str | None:
        """Why libvirt does not start a domain, in its words; None where it would on a VIC."""
        said = self.defined[domain] or self.started[domain]
        return None if said and any(words in said for words in EMULATED) else said


@dataclass(frozen=True, slots=True)
class Answers:
    """`version` is libvirt's, as in 11.3; `folders` of what came out, by refusal and variant."""

    suite: str
    version: str
    folders: Mapping[tuple[str, str], Path]

    def of(self, name: str, variant: str) -> Asked:
        """Raises LabError where this one was not asked, or its own commands failed."""
        folder = self.folders[name, variant]
        if not (folder / "done").exists():
            raise LabError(f"{name}, {variant}: it was not asked")
        if (folder / "failed").exists():
            raise LabError(f"{name}, {variant}: its own commands failed")
        return Asked(_said(folder, "define"), _said(folder, "start"), folder / "capture.tar")


def ask(
    parts: Parts,
    generation: Generation,
    names: Sequence[str],
    share: Path,
    variants: Sequence[str] = (REFUSED, TWIN),
) -> Answers:
    """Each refusal and its twin: the host captured, and then libvirt asked.

    Raises LabError where the guest does not come to its end."""
    asked = share / "asked"
    asked.mkdir()
    (share / "refusals").mkdir()
    (asked / "qemu.conf").write_text(QEMU_CONF)
    for script in (SCRIPT, START, RUNNER):
        shutil.copy(script, asked)
    first: dict[str, tuple[str, str]] = {}  # by what it says: a variant of several is asked once
    asked_as: dict[tuple[str, str], tuple[str, str]] = {}
    for key in ((name, variant) for name in names for variant in variants):
        variant = load(key[0]).variants[key[1]]
        asked_as[key] = first.setdefault(repr(variant), key)
        if asked_as[key] == key:
            variant.write(asked / "/".join(key))
    (asked / "list").write_text("".join(f"{'/'.join(key)}\n" for key in first.values()))
    machine = Machine(parts, share, root=generation.root, shared_group=True)
    machine.run(_script(), BOOT_LIMIT + LIMIT * len(names))
    answered = share / "refusals"
    version = _version(answered)
    folders = {key: answered / "/".join(first) for key, first in asked_as.items()}
    return Answers(generation.name, version, folders)


def _script() -> str:
    release = "Red Hat Enterprise Linux Server release 7.9 (Maipo)"
    os_release = 'NAME="Red Hat Enterprise Linux"\\nID="rhel"\\nVERSION_ID="7.9"\\n'
    return (
        "checkout= modules=9p\n"
        ". /lab/asked/start.sh\n"
        ". /lab/asked/refusals.sh\n"
        "rm -f /etc/os-release /etc/redhat-release\n"
        f"printf {shlex.quote(os_release)} >/etc/os-release\n"
        f"echo {shlex.quote(release)} >/etc/redhat-release\n"
        "ask_all || exit\n"
    )


def _version(answered: Path) -> str:
    said = (answered / "version").read_text()
    match = VERSION.search(said)
    if match is None:
        raise LabError(f"virsh tells no version: {said!a}")
    return match[1]


def _said(folder: Path, what: str) -> dict[str, str | None]:
    return {
        file.name.partition(".")[0]: None
        if file.read_text() == "0\n"
        else file.with_suffix(".said").read_text()
        for file in sorted(folder.glob(f"*.{what}.status"))
    }
