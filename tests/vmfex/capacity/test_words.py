"""A change as the command line says it."""

import pytest

from vmfex.capacity.words import change_of
from vmfex.checks.model.plan import Topology
from vmfex.checks.what_if.change import EACH_PF
from vmfex.errors import UsageError


def test_each_word() -> None:
    """A number for each PF, for one by name or address; a release; topologies with and without a
    number."""
    change = change_of(
        ["24", "eth0=0", "0000:07:00.0=256"],
        "6.10",
        ["MacVTap direct", "SR-IOV VF passthrough=4"],
    )
    assert change.vfs == {EACH_PF: 24, "eth0": 0, "0000:07:00.0": 256}
    assert change.release == (6, 10)
    assert change.topologies == {Topology.PRIVATE: 1, Topology.HOSTDEV: 4}
    assert not change_of([], None, [])


@pytest.mark.parametrize(
    "word",
    ["", "-1", "x", "257", "1e3", "\u0663", "=4", "eth0=", "eth0=x", " 4", "eth0 =4", "a/b=4"],
)
def test_no_number_of_vfs(word: str) -> None:
    with pytest.raises(UsageError, match="--vfs takes a number from 0 to 256"):
        change_of([word], None, [])


@pytest.mark.parametrize("said", ["06:00.0", "0000:06:00.0", "0:6:0.0", "00000000:06:00.0"])
def test_an_address_as_lspci_prints_it(said: str) -> None:
    """Without the domain, which it leaves out where all are 0 (lspci(8), -D), in any writing."""
    assert change_of([f"{said}=4"], None, []).vfs == {"0000:06:00.0": 4}


def test_an_address_in_capitals() -> None:
    """Linux has small letters. Two writings of one address are one PF."""
    assert change_of(["AF:1F.7=4"], None, []).vfs == {"0000:af:1f.7": 4}
    with pytest.raises(UsageError, match="two numbers for '0000:AF:"):
        change_of(["af:1f.7=4", "0000:AF:1f.7=5"], None, [])


def test_no_name_of_a_pf() -> None:
    """Nothing on Linux has so long a name, and no message grows by it."""
    with pytest.raises(UsageError, match="--vfs takes a number") as error:
        change_of([f"{'x' * 5_000}=4"], None, [])
    assert len(str(error.value)) < 200


def test_two_numbers_for_one_pf() -> None:
    """The same twice is none too many."""
    assert change_of(["4", "4"], None, []).vfs == {EACH_PF: 4}
    with pytest.raises(UsageError, match="two numbers for every PF"):
        change_of(["4", "5"], None, [])
    with pytest.raises(UsageError, match="two numbers for 'MacVTap direct'"):
        change_of((), None, ("MacVTap direct=1", "MacVTap direct", "MacVTap direct=2"))
    with pytest.raises(UsageError, match="two numbers for 'eth0'"):
        change_of(["eth0=4", "eth0=5"], None, [])


@pytest.mark.parametrize(
    "word", ["", "7", "7.", "7.9.1", "RHEL 7.9", "7.9 ", "\u0667.\u0669", "777.9"]
)
def test_no_release(word: str) -> None:
    with pytest.raises(UsageError, match=r"--release takes one of Red Hat .* MAJOR\.MINOR"):
        change_of([], word, [])


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("SR-IOV VF Passthrough=4", "did you mean 'SR-IOV VF passthrough'"),
        ("hostdev", "'hostdev' is not a topology: MacVTap direct, "),
        ("", "'' is not a topology"),
        ("MacVTap direct=", "takes NAME or NAME=NUMBER"),
        ("MacVTap direct=0", "takes NAME or NAME=NUMBER"),
        ("MacVTap direct=x", "takes NAME or NAME=NUMBER"),
    ],
)
def test_no_topology(word: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        change_of([], None, [word])
