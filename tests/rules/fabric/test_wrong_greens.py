"""Fabrics and port profiles that look well at first (rules FAB, PRF, CLU)."""

import pytest

from tests.rules.changes import WEB01, WEB02, edit, netlink, put, unreadable
from tests.rules.table import COMPLIANT, IDLE, REFERENCE, UNDETERMINED, VIOLATED, verdict
from tests.support.construct.hosts import POOL
from tests.support.construct.netlink import PORT_PROFILE, attribute
from vmfex.checks.model.plan import Plan


def test_association_with_another_port_profile_is_none() -> None:
    """A VF that is associated with what the VM does not name is not associated for it."""
    names = [attribute(PORT_PROFILE, name.ljust(40, b"\0")) for name in (b"web", b"old")]
    host = REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", *names))
    assert verdict(host, "PRF-04") == VIOLATED


@pytest.mark.parametrize("release", ["6.12.0-55.9.1.el10_0.x86_64", "6.14.0-63.fc42.x86_64"])
def test_silent_changelog_of_a_newer_kernel_tells_nothing(release: str) -> None:
    """A kernel that started from a source with the change need not name it in its changelog."""
    host = REFERENCE.but(
        edit("uname", "3.10.0-1160.el7.x86_64", release),
        edit("uname", "EDT 2020", "EDT 2025"),
        put("kernel-changelog", "* Mon Mar 10 2025\n- net: something else\n"),
    )
    assert verdict(host, "PRF-05") == UNDETERMINED


@pytest.mark.parametrize(
    "model", ["UCS-FI-6454-U", "ucs-fi-6454", " UCS-FI-6454", "Cisco UCS 6454", "UCSFI6454"]
)
def test_spelling_of_a_model_makes_no_other_model(model: str) -> None:
    """A 6454 is one however UCS Manager spells it."""
    old = '"A" model="UCS-FI-6332"'
    host = REFERENCE.but(edit("ucsm/networkElement.xml", old, f'"A" model="{model}"'))
    assert verdict(host, "FAB-01") == VIOLATED
    assert verdict(host, "FAB-02") == VIOLATED


@pytest.mark.parametrize("said", ["no", "false", "False"])
def test_model_that_no_table_has_is_what_it_says_of_itself(said: str) -> None:
    """A later interconnect that denies dynamic VIFs is none for VM-FEX; one that has them is."""
    change = [
        edit("ucsm/networkElement.xml", 'model="UCS-FI-6332"', 'model="UCS-FI-6536"'),
        edit("ucsm/equipmentSwitchCap.xml", "UCS-FI-6332", "UCS-FI-6536"),
    ]
    capability = edit("ucsm/equipmentSwitchCap.xml", 'Supported="yes"', f'Supported="{said}"')
    denied, granted = REFERENCE.but(*change, capability), REFERENCE.but(*change)
    assert [verdict(denied, rule) for rule in ("FAB-01", "FAB-02", "FAB-03")] == [VIOLATED] * 3
    assert verdict(granted, "FAB-01") == verdict(granted, "FAB-03") == COMPLIANT


def test_long_port_profile_is_held_as_far_as_it_is_kept() -> None:
    """UCS Manager keeps 16 characters of it in vmNic."""
    [long, other] = "production-web-frontend", "production-db-ab"
    host = REFERENCE.but(edit("ucsm/vmNic.xml", 'profileName="web"', f'profileName="{long[:16]}"'))
    wrong = REFERENCE.but(edit("ucsm/vmNic.xml", 'profileName="web"', f'profileName="{other}"'))
    name = [
        edit(f"{WEB01}/{state}.xml", "profileid='web'", f"profileid='{long}'")
        for state in ("running", "persistent")
    ]
    said = [f.verdict for f in host.but(*name).judged().findings["PRF-04"] if "veth" in f.wanted]
    assert said == [COMPLIANT, COMPLIANT]
    assert VIOLATED in [
        f.verdict for f in wrong.but(*name).judged().findings["PRF-04"] if "veth" in f.wanted
    ]


@pytest.mark.parametrize("lost", ["computeRackUnit", "adaptorUnit"])
def test_pid_that_ucs_manager_did_not_tell_leaves_the_card_open(lost: str) -> None:
    """It was asked, and may have had another card's PID; where nobody asked, the PCI id decides."""
    listed = REFERENCE.but(edit("ucsm/vnicEther.xml", "00:25:B5:00:00:0", "00:25:B5:00:09:0"))
    host = listed.but(unreadable(f"ucsm/{lost}.xml"))
    assert verdict(host, "VIC-02") == UNDETERMINED
    assert verdict(IDLE, "VIC-02") == COMPLIANT


def test_hypervisor_whose_uuid_another_has_is_in_no_certain_cluster() -> None:
    """A host that was renamed may still be there under its old name, in another cluster."""
    again = (
        '<vmHv dn="vmm/hv-9" uuid="5ca1ab1e-0000-4000-8000-000000000002" name="blade-9" '
        'dvsName="lab"/></outConfigs>'
    )
    moving = REFERENCE.but(plan=Plan(must_migrate=("web*",), destinations=("blade-2",)))
    assert verdict(moving, "CLU-02") == COMPLIANT
    twice = moving.but(edit("ucsm/vmHv.xml", "</outConfigs>", again))
    assert verdict(twice, "CLU-02") == UNDETERMINED


NETWORK = f"libvirt/networks/{POOL}.xml"
OTHER = "<virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>"


def test_default_port_group_in_any_case() -> None:
    """libvirt reads `default` without regard to case (virNetworkPortGroupParseXML): the group's
    profile is merged with the network's, and contradicts it."""
    host = REFERENCE.but(
        edit(f"{WEB02}/persistent.xml", " portgroup='web'", ""),
        edit(NETWORK, "default='yes'", "default='YES'"),
    )
    assert verdict(host, "PRF-01") == COMPLIANT
    assert (
        verdict(host.but(edit(NETWORK, "</network>", f"{OTHER}</network>")), "PRF-01") == VIOLATED
    )


def test_port_group_of_an_empty_name_is_not_the_default() -> None:
    """It names a group that is not there (virPortGroupFindByName), and has no virtual port."""
    host = REFERENCE.but(edit(f"{WEB02}/persistent.xml", " portgroup='web'", " portgroup=''"))
    assert verdict(host, "PRF-01") == VIOLATED


def test_profiles_that_no_type_reads() -> None:
    """A virtual port without a type is none, whatever profiles are written: PRF-01 says that, and
    not that libvirt refuses the VM."""
    host = REFERENCE.but(
        edit(NETWORK, "<virtualport type='802.1Qbh'>", "<virtualport>"),
        edit(
            f"{WEB02}/persistent.xml",
            "<model type='virtio'/>",
            "<virtualport><parameters profileid='db'/></virtualport><model type='virtio'/>",
        ),
    )
    assert verdict(host, "PRF-01") == VIOLATED
    assert "refuses" not in host.judged().of("PRF-01")
