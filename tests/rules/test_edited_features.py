"""The limits and lists are tables in the features: editing one of them is all it takes."""

import shutil
from pathlib import Path

import pytest

from tests.rules.changes import edit, function
from tests.rules.table import COMPLIANT, IDLE, PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, Host
from tests.support.judging import judge_tree, recorded
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.catalogue import FEATURES

VIC_1285 = REFERENCE.but(edit(f"{function('06:00.0')}/subsystem_device", "0x012c", "0x00cd"))
FIRST_TABLE = (
    f"or says so itself\n        | model            | VM-FEX | said by{' ' * 41}|\n        "
)
EDITS = {
    "a longer list of adapters": (
        "adapter/vic.feature", "| 1457  |", "| 1457  |\n        | 1285  |", "VIC-02", VIC_1285,
        VIOLATED, COMPLIANT,
    ),
    "a shorter list of adapters": (
        "adapter/vic.feature", "        | 1340  |\n", "", "VIC-02", REFERENCE, COMPLIANT, VIOLATED,
    ),
    "fewer vNICs": (
        "adapter/vic.feature", "at most 116 vNICs, s", "at most 9 vNICs, s", "VIC-03", REFERENCE,
        COMPLIANT, VIOLATED,
    ),
    "a higher minimum": (
        "host/hypervisor.feature", "it runs Red Hat Enterprise Linux 6.1", "it runs Red Hat "
        "Enterprise Linux 8.0", "HST-01", REFERENCE, COMPLIANT, VIOLATED,
    ),
    "a higher minimum of one topology": (
        "host/hypervisor.feature", "| SR-IOV VF passthrough           | 6.1  ",
        "| SR-IOV VF passthrough           | 7.9  ", "HST-02", REFERENCE, COMPLIANT, VIOLATED,
    ),
    "fewer VFs per PF": (
        "sriov/functions.feature", "| 22         |", "| 3          |", "SRV-03", IDLE,
        COMPLIANT, UNDETERMINED,
    ),
    "another interconnect": (
        "fabric/interconnect.feature", FIRST_TABLE, f"{FIRST_TABLE}| UCS-FI-6332 | no | a test |"
        "\n        ", "FAB-01", REFERENCE,
        COMPLIANT, VIOLATED,
    ),
    "fewer slots": (
        "topology/domain.feature", "| pci-root                    | 1          | 31        |",
        "| pci-root                    | 1          | 4         |", "TOP-03", REFERENCE,
        COMPLIANT, VIOLATED,
    ),
    "another release for MacVTap direct": (
        "topology/macvtap_direct.feature", "proven older than release 2.1",
        "proven older than release 2.0", "MTD-01", PRIVATE, COMPLIANT, VIOLATED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_edited_table_is_what_judges(name: str, tmp_path: Path) -> None:
    """An edited copy of the features gives the verdict that its table says."""
    file, old, new, rule, host, before, after = EDITS[name]
    features = tmp_path / "features"
    shutil.copytree(FEATURES, features)
    path = features / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert host.judged().verdicts[rule] is before
    assert _verdict(host, rule, features) is after


def _verdict(host: Host, rule: str, features: Path) -> Verdict:
    tree = recorded(host.raw())
    return judge_tree(tree, host.plan, rule, features=features).verdicts[rule]
