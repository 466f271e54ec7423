"""What a scenario recorded, as a recorded host: `python -m tests.lab.recorded RESULTS` writes those
that come with the program anew, from the folder that `make lab` names."""

import json
import sys
import tarfile
from pathlib import Path

from tests.lab.lab import Result
from tests.lab.scenario import Scenario
from tests.lab.scenario import load as load_scenario
from tests.support.construct.sealing import sealed_contents
from vmfex.checks.model.plan import Plan
from vmfex.evidence.archive.manifest import ASKED, AskedQuestions, encode
from vmfex.evidence.archive.writer import Contents, write_recording
from vmfex.evidence.embedded import embedded_file
from vmfex.evidence.sources.recorded import RecordedTree, load

DECISION = "not certified"  # of all of them: an emulated adapter has no enic driver (VIC-04)
WORDS = {"C": "compliant", "V": "violated", "N": "not applicable", "U": "undetermined"}
KEPT = {  # scenario, and the recorded host that it becomes
    "bridge-attached": "lab-bridge",
    "compliant": "lab-compliant",
    "macvtap-private": "lab-private",
    "one-vf-two-vms": "lab-one-vf-two-vms",
}


def plan_of(scenario: Scenario) -> Plan:
    """What the scenario's host is meant for."""
    return Plan(must_migrate=scenario.must_migrate)


def recorded_host(result: Result, name: str = "lab") -> tuple[RecordedTree, Contents]:
    """The recording with libvirt's answers to `virsh save` in it (docs/recordings.md)."""
    with tarfile.open(result.recording) as tar:
        member = tar.extractfile(ASKED)
        assert member is not None
        asked = json.load(member)
    before = load(result.recording)
    uuids, saves = result.answers["uuids"], result.answers["saves"]
    added = {
        f"libvirt/migration/{uuids[domain]}.json": encode(
            {key: answer[key] for key in ("command", "status", "stderr")}
        )
        for domain, answer in saves.items()
    }
    unreadable = before.manifest["unreadable"]
    assert isinstance(unreadable, dict)
    for path in added:
        unreadable.pop(path, None)
    asked["read"] = sorted({*asked["read"], *added})
    manifest = {"name": name, "constructed": False, "note": _note(result), "unreadable": unreadable}
    files = before.files | added
    tree = RecordedTree.of(
        files,
        before.links,
        manifest,
        directories=before.directories,
        asked=AskedQuestions.parse(asked),
    )
    documents = {ASKED: encode(asked)}
    return tree, sealed_contents(files, before.links, manifest, documents, before.directories)


def _note(result: Result) -> str:
    kernel = result.answers["kernel"]["stdout"].split()[2]
    return (
        f"{load_scenario(result.name).title}; captured in the lab: {DECISION}\n"
        f"Captured in the lab (docs/lab.md), scenario {result.name}: Linux {kernel} in QEMU, with "
        "igb adapters whose ids pose as a VIC's, and a release file that poses as RHEL's."
    )


def main() -> None:
    for scenario, name in KEPT.items():
        result = Result(scenario, Path(sys.argv[1]) / scenario)
        file = embedded_file(name)
        file.unlink(missing_ok=True)
        write_recording(file, recorded_host(result, name)[1])


if __name__ == "__main__":
    main()
