"""Certifies the guest by each scenario that is named, and leaves what came out in /lab/results."""

import json
import shutil
import sys
import traceback
from pathlib import Path

from tests.lab.guest.answers import answers
from tests.lab.guest.measure import measure
from tests.lab.guest.other_ways import other_ways
from tests.lab.guest.setting import setting
from tests.lab.guest.vmfex_command import preload, vmfex
from tests.lab.scenario import Scenario, load

RESULTS = Path("/lab/results")
OTHER_WAYS = "compliant"  # the scenario that is read by other ways in too, which takes minutes


def certify(scenario: Scenario, out: Path) -> None:
    """The certification, the recording, the same by other ways in, then everybody else's answers:
    those change the host."""
    with setting(scenario) as started:
        target = str(out / "certification")
        certified = vmfex("certify", "local", "--quiet", "--out", target, *_plan(scenario, out))
        recorded = vmfex("record", "local", str(out / "recording.tar"))
        others = other_ways(out) if scenario.name == OTHER_WAYS else {}
        said = answers(scenario, started)
        said |= {"certify": certified.document(), "record": recorded.document()}
        said["others"] = {way: answer.document() for way, answer in others.items()}
        (out / "answers.json").write_text(json.dumps(said, indent=1))


def _plan(scenario: Scenario, out: Path) -> tuple[str, ...]:
    if not scenario.must_migrate:
        return ()
    plan = out / "plan.yaml"
    plan.write_text(json.dumps({"live_migration": {"domains": scenario.must_migrate}}))
    return "--plan", str(plan)


def main() -> None:
    preload()
    for name in sys.argv[1:]:
        out = RESULTS / name
        if (out / "done").exists():
            continue  # before QEMU failed, and booted again
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        print(f"== {name}", flush=True)
        try:
            if name == "measurement":
                (out / "measurement.json").write_text(json.dumps(measure(), indent=1))
            else:
                certify(load(name), out)
        except Exception:
            (out / "error").write_text(traceback.format_exc())
        (out / "done").touch()


if __name__ == "__main__":
    main()
