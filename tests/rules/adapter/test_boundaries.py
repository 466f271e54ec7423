"""The adapters of the guide and their near misses, and the limits in numbers of vNICs."""

import pytest

from tests.rules.adapter.vic_rows import NEW_CARD, PID, with_vnics
from tests.rules.changes import edit, function, unreadable
from tests.rules.table import COMPLIANT, IDLE, REFERENCE, UNDETERMINED, VIOLATED
from vmfex.checks.model.plan import Plan, Topology

LISTED = {
    "1240": 0x0084,
    "1280": 0x004F,
    "1225": 0x0085,
    "1225T": 0x00CE,
    "1227": 0x012E,
    "1227T": 0x0139,
    "1340": 0x012C,
    "1380": 0x0137,
    "1385": 0x014D,
    "1387": 0x015D,
    "1440": 0x0215,
    "1480": 0x0216,
    "1455": 0x0217,
    "1457": 0x0218,
}
UNLISTED = {"1285": 0x00CD, "M81KR": 0x0048, "1495": 0x024A, "15428": 0x02DD, "P81E": 0x0047}
SUBSYSTEM = f"{function('06:00.0')}/subsystem_device"


def verdict_of(subsystem: int) -> tuple[str, str]:
    judged = REFERENCE.but(edit(SUBSYSTEM, "0x012c", f"0x{subsystem:04x}")).judged()
    return judged.verdicts["VIC-02"], judged.of("VIC-02")


def test_guide_lists_fourteen() -> None:
    """The list is the guide's."""
    assert len(LISTED) == 14


@pytest.mark.parametrize("model", LISTED)
def test_listed_model_is_compliant(model: str) -> None:
    """Each of the fourteen, by its subsystem id."""
    verdict, said = verdict_of(LISTED[model])
    assert verdict == COMPLIANT
    assert f"VIC {model}," in said


@pytest.mark.parametrize("model", UNLISTED)
def test_near_miss_is_violated(model: str) -> None:
    """A VIC that the guide does not list, however near its number."""
    verdict, said = verdict_of(UNLISTED[model])
    assert verdict == VIOLATED
    assert f"VIC {model}," in said


def test_unknown_id_is_undetermined_and_shown() -> None:
    """An id that nobody knows may be a listed card or not."""
    judged = NEW_CARD.but(unreadable("ucsm")).judged()
    assert judged.verdicts["VIC-02"] == UNDETERMINED
    assert "1137:0fff" in judged.of("VIC-02")


def test_pid_decides_where_the_id_is_unknown() -> None:
    """UCS Manager names the card; both raw values are shown."""
    judged = NEW_CARD.judged()
    assert judged.verdicts["VIC-02"] == COMPLIANT
    assert "1137:0fff" in judged.of("VIC-02")
    assert "UCSB-MLOM-40G-03" in judged.of("VIC-02")
    old = NEW_CARD.but(edit("ucsm/adaptorUnit.xml", PID, 'model="N20-AC0002"')).judged()
    assert old.verdicts["VIC-02"] == VIOLATED


def test_another_vendors_subsystem_names_no_model() -> None:
    """A model's number counts only below Cisco's own vendor id."""
    other = REFERENCE.but(edit(f"{function('06:00.0')}/subsystem_vendor", "0x1137", "0x8086"))
    assert other.judged().verdicts["VIC-02"] == UNDETERMINED


def test_idle_host_is_judged_by_the_card_that_would_serve() -> None:
    """Without VMs every VIC would carry them, with a plan or without."""
    old = IDLE.but(edit(SUBSYSTEM, "0x0217", "0x00cd"))
    assert old.judged().verdicts["VIC-02"] == VIOLATED
    planned = old.but(plan=Plan({Topology.EMULATION: 1}))
    assert planned.judged().verdicts["VIC-02"] == VIOLATED


@pytest.mark.parametrize(
    ("total", "verdict"), [(115, COMPLIANT), (116, COMPLIANT), (117, VIOLATED)]
)
def test_vnics_of_an_adapter(total: int, verdict: str) -> None:
    """116 vNICs on one adapter, static ones and VFs together."""
    judged = with_vnics(total).judged()
    assert judged.verdicts["VIC-03"] == verdict
    assert f"{total} vNICs: 6 static, {total - 6} dynamic" in judged.of("VIC-03")
