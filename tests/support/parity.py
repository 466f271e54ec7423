"""What two ways of reading a host are compared by."""

from collections import Counter

from tests.support.judging import Judgement
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.sources.captured import ELSEWHERE
from vmfex.evidence.sources.recorded import RecordedTree

NOT_IN_A_CAPTURE = ("ucsm", "guests", "libvirt/migration", "netlink/pf")
OWN_PORT = "PRF-04"  # of a dynamic vNIC the dump itself may tell it, and `ip` never does


def without(tree: RecordedTree, *areas: str) -> RecordedTree:
    """The recording, if these had never been recorded."""

    def kept(path: str) -> bool:
        return not any(path == area or path.startswith(f"{area}/") for area in areas)

    files = {path: content for path, content in tree.files.items() if kept(path)}
    manifest = dict(tree.manifest)
    unreadable = manifest["unreadable"]
    assert isinstance(unreadable, dict)
    reasons = {area: ELSEWHERE.get(area, "not in a capture") for area in areas}
    manifest["unreadable"] = unreadable | reasons
    return RecordedTree.of(files, tree.links, manifest, directories=tree.directories)


def findings(judgement: Judgement) -> Counter[tuple[str, str, Verdict]]:
    return Counter(
        (rule, finding.subject, finding.verdict)
        for rule, found in judgement.findings.items()
        for finding in found
    )
