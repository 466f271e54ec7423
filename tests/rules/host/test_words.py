"""What the findings about a hypervisor say: what was read, and not its opposite (rules HST)."""

import json

import pytest

from tests.checks import stub
from tests.rules.changes import edit, function, put, remove, unreadable
from tests.rules.table import COMPLIANT, REFERENCE, UNDETERMINED, VIOLATED, Change, Host
from tests.support.construct import RawTree
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.rules.hypervisor import libvirtd_answers

CONNECTION = "libvirt/connection.json"
CLONE = (
    edit("etc/redhat-release", "Red Hat Enterprise Linux Server", "CentOS Linux"),
    edit("etc/os-release", "Red Hat Enterprise Linux Server", "CentOS Linux"),
)
OLD = Host("rhel65-libvirt010")  # no IOMMU groups
INACTIVE = OLD.but(edit("var/log/dmesg", "Intel-IOMMU: enabled\n", ""))


def connected(**values: object) -> Change:
    """libvirt's answer with other values."""

    def change(tree: RawTree) -> None:
        answer = json.loads(tree.files[CONNECTION])
        tree.put(CONNECTION, json.dumps(answer | values))

    return change


@pytest.mark.parametrize(
    ("rule", "changes", "opposites"),
    [
        ("HST-01", CLONE, (": not Red Hat Enterprise Linux", "")),
        ("HST-03", [edit("proc/cpuinfo", " vmx ", " ")], ("neither flag", ", flag vmx")),
        (
            "HST-04",
            [remove("dev/kvm"), put("dev/null", "")],
            ("/dev/kvm is not there", "/dev/kvm is there"),
        ),
        (
            "HST-04",
            [edit("libvirt/capabilities.xml", "<domain type='kvm'>", "<domain>")],
            ("libvirt does not offer domain", "libvirt offers domain"),
        ),
        (
            "HST-06",
            [remove(f"{function('07:00.1')}/iommu_group")],
            ("07:00.1: in no IOMMU group", "07:00.1: IOMMU group"),
        ),
    ],
)
def test_observation_is_what_was_read(
    rule: str, changes: tuple[Change, ...], opposites: tuple[str, str]
) -> None:
    """On the good host and on one that violates the rule each of the two is said where it is so."""
    bad, good = opposites
    before, after = REFERENCE.judged().of(rule), REFERENCE.but(*changes).judged().of(rule)
    assert bad in after
    assert bad not in before
    assert good in before
    assert not good or good not in after


@pytest.mark.parametrize(
    ("version", "said"), [(9001002, "libvirt 9.1.2 answers"), (None, "of unknown version answers")]
)
def test_version_as_libvirt_counts_it(version: int | None, said: str) -> None:
    """major * 1,000,000 + minor * 1,000 + release (libvirt-host.h, virGetVersion)."""
    assert said in REFERENCE.but(connected(version=version)).judged().of("HST-05")


def test_daemon_of_the_very_host_is_its_own_by_whatever_name() -> None:
    """A host that is asked from outside is the one that the URI leads to."""
    away = {"uri": "qemu+ssh://root@blade-1.example/system"}
    assert REFERENCE.but(connected(**away)).judged().verdicts["HST-05"] == UNDETERMINED
    here = REFERENCE.but(connected(**away, is_host=True)).judged()
    assert here.verdicts["HST-05"] == COMPLIANT


def test_address_that_is_none_is_not_this_host() -> None:
    """Nobody knows where it leads."""
    host = REFERENCE.but(connected(uri="qemu+tcp://[::1/system"))
    assert host.judged().verdicts["HST-05"] == UNDETERMINED


def test_libvirt_that_refuses_has_no_driver() -> None:
    """HST-04: that it did not answer is the reason, whatever else it said."""
    refused = REFERENCE.but(connected(outcome="refused", driver="Test")).judged()
    assert "libvirt did not answer" in refused.of("HST-04")
    assert "Test driver" not in refused.of("HST-04")


@pytest.mark.parametrize(
    ("remedy", "said"), [("Read it so.", "Read it so."), ("", "virsh -c qemu:///system version")]
)
def test_unknown_libvirt_has_a_remedy(remedy: str, said: str) -> None:
    """HST-05: that of the evidence, else the ways in that ask libvirt."""
    unknown = Unknown("nobody asked", (), remedy)
    with pytest.raises(Missing) as missing:
        libvirtd_answers(stub.host(libvirt=unknown, release=unknown))
    assert said in missing.value.unknown.remedy


def test_unread_libvirt_is_asked_for_in_another_way() -> None:
    """The finding says who may read what it tells."""
    [finding] = REFERENCE.but(unreadable("libvirt")).judged().findings["HST-05"]
    assert "as root on reference" in finding.remedy


@pytest.mark.parametrize(
    ("host", "verdict", "told"), [(OLD, COMPLIANT, False), (INACTIVE, VIOLATED, True)]
)
def test_without_groups_each_function_is_judged_by_the_iommu(
    host: Host, verdict: str, told: bool
) -> None:
    """A kernel before 3.6 shows none: every function is as well off as the IOMMU is active, and
    only what is violated has a remedy."""
    found = host.judged().findings["HST-06"]
    assert len(found) > 1
    assert {finding.verdict for finding in found} == {verdict}
    assert all(bool(finding.remedy) is told for finding in found)
