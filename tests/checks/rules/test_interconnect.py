"""Fabric interconnects, in every spelling of their models (rules FAB-01 to FAB-03)."""

import pytest

from tests.checks import stub
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.interconnect import (
    Interconnect,
    Models,
    carries_no_port_profile,
    carries_vmfex,
    has_vmfex,
    supports_dynamic_vifs,
)

MODELS = Models(carrying=("UCS-FI-6248UP", "UCS-FI-6332"), lacking=("UCS-FI-6454",))
NEW = "UCS-FI-6999"


def capability(model: str, said: str) -> dict[str, str]:
    return {
        "dn": f"capabilities/manufacturer-Cisco-model-{model}-revision-0/switch-cap",
        "dynamicVifsSupported": said,
    }


def carries(model: str, *capabilities: dict[str, str]) -> bool | None:
    """None where it is unknown."""
    fabric = stub.fabric(equipmentSwitchCap=capabilities)
    fact = carries_vmfex(Interconnect("sys/switch-A", model), MODELS, fabric)
    return fact.value if isinstance(fact, Known) else None


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("UCS-FI-6332", True),
        (" ucs-fi-6332 ", True),
        ("UCS-FI-6332=", True),
        ("UCS-FI-6332-U", True),
        ("UCS-FI-6332-UPG=", True),
        ("UCS-FI-6332-16UP", None),
        ("UCS-FI-63329", None),
        ("UCS-FI-6332X", None),
        ("UCS-FI-6454", False),
        ("UCS-FI-6454-U", False),
        (NEW, None),
        ("", None),
        (" ", None),
    ],
)
def test_model_by_the_table(model: str, expected: bool | None) -> None:
    """A listed name, with an order's suffix or without; one that only begins like it is another."""
    assert carries(model) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("yes", True), ("TRUE", True), (" no", False), ("false", False), ("", None), ("maybe", None)],
)
def test_model_of_no_table_speaks_for_itself(said: str, expected: bool | None) -> None:
    """UCS Manager tells yes and no, or true and false; anything else tells nothing."""
    assert carries(NEW, capability("UCS-FI-6001", "yes"), capability(NEW, said)) is expected


def test_model_of_no_table_that_says_nothing() -> None:
    """Both reasons are told."""
    fabric = stub.fabric(equipmentSwitchCap=())
    fact = carries_vmfex(Interconnect("sys/switch-A", NEW), MODELS, fabric)
    assert isinstance(fact, Unknown)
    assert "is in no list, and UCS Manager does not say" in fact.reason


def test_two_answers_about_one_model_tell_nothing() -> None:
    """Unless they are the same."""
    yes, no = capability(NEW, "yes"), capability(NEW, "no")
    assert carries(NEW, yes, no) is None
    assert carries(NEW, yes, yes) is True


def test_answer_about_something_else_tells_nothing() -> None:
    """What names no model in its dn is about none."""
    elsewhere = capability(NEW, "no") | {"dn": f"sys/{NEW}/switch-cap"}
    assert carries(NEW, elsewhere) is None
    assert carries(NEW, elsewhere, capability(NEW, "yes")) is True


def test_without_a_model_no_capability_is_its_own() -> None:
    """An answer that names no model is unknown for that reason."""
    answer = {"dn": "a-model--revision-0/switch-cap", "dynamicVifsSupported": "yes"}
    fact = carries_vmfex(
        Interconnect("sys/switch-A", " "), MODELS, stub.fabric(equipmentSwitchCap=(answer,))
    )
    assert isinstance(fact, Unknown)
    assert "names no model" in fact.reason


@pytest.mark.parametrize(
    ("model", "said", "how", "verdict"),
    [
        ("UCS-FI-6332", "no", None, Verdict.COMPLIANT),
        ("UCS-FI-6454", "yes", None, Verdict.VIOLATED),
        (NEW, "yes", "says dynamicVifsSupported yes of itself", Verdict.COMPLIANT),
        (NEW, "no", "says dynamicVifsSupported no of itself", Verdict.VIOLATED),
    ],
)
def test_who_decided_is_said(model: str, said: str, how: str | None, verdict: Verdict) -> None:
    """FAB-01: the tables first, else the interconnect, whose word is shown."""
    fabric = stub.fabric(equipmentSwitchCap=(capability(model, said),))
    finding = has_vmfex(Interconnect("sys/switch-A", model), MODELS, fabric)
    assert finding.verdict is verdict
    assert finding.observed == f"model {model}" + (f", which {how}" if how else "")


@pytest.mark.parametrize("said", ["yes", "no"])
def test_its_own_word_is_shown(said: str) -> None:
    """FAB-03."""
    fabric = stub.fabric(equipmentSwitchCap=(capability(NEW, said),))
    finding = supports_dynamic_vifs(Interconnect("sys/switch-A", NEW), fabric)
    assert finding.observed == f"dynamicVifsSupported {said}"
    assert (finding.verdict is Verdict.COMPLIANT) is (said == "yes")


@pytest.mark.parametrize(
    ("profiles", "switches", "observed", "remedy"),
    [
        (0, 0, "no port profile, no distributed virtual switch", ""),
        (1, 0, "port profile p0", "delete port profile p0."),
        (0, 1, "distributed virtual switch s0", "delete distributed virtual switch s0."),
        (10, 0, "port profile p9", "port profile p9."),
        (10, 1, "distributed virtual switch s0", "port profile p9 and 1 more."),
    ],
)
def test_what_a_fabric_without_vmfex_carries(
    profiles: int, switches: int, observed: str, remedy: str
) -> None:
    """FAB-02: every one is shown; the remedy names ten, and how many more there are."""
    fabric = stub.fabric(
        vnicProfile=tuple({"name": f"p{n}"} for n in range(profiles)),
        vmSwitch=tuple({"name": f"s{n}"} for n in range(switches)),
    )
    finding = carries_no_port_profile(Interconnect("sys/switch-A", "UCS-FI-6454"), fabric)
    assert (finding.verdict is Verdict.COMPLIANT) is (not remedy)
    assert observed in finding.observed
    assert finding.remedy.endswith(remedy)
    assert bool(finding.remedy) is bool(remedy)
