"""What a host has many of is gone through once, and not again for each domain or interface."""

from collections.abc import Iterator, Mapping

import pytest

from tests.checks.stub import fabric
from tests.rules.table import REFERENCE
from tests.support.judging import judge_raw
from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.domain import Definition, Domain, Interface, Network
from vmfex.checks.model.fact import Known
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import Adapter, PciFunction, PciTree
from vmfex.checks.rules.cluster import Clusters, specifies_only
from vmfex.checks.rules.veth import veths_by_mac

UUIDS = [f"5ca1ab1e-0000-4000-8000-{number:012x}" for number in range(20)]
DEFINITION = Definition("persistent", "kvm")
DOMAIN = Domain("web01", UUIDS[0], (DEFINITION,))


class Counted(tuple[Mapping[str, str], ...]):
    """Objects that know how often somebody went through them."""

    times = 0

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        self.times += 1
        return super().__iter__()


def test_vms_of_the_fabric() -> None:
    """CLU-01 finds each domain among UCS Manager's VMs."""
    vms = Counted({"uuid": uuid.upper(), "dvsName": "default"} for uuid in UUIDS)
    known = Clusters(fabric(vmInstance=vms))
    for uuid in UUIDS:
        domain = Domain("web01", uuid, (DEFINITION,))
        assert specifies_only(domain, "default", known).verdict == "compliant"
    assert vms.times == 1


def test_veths_of_the_fabric() -> None:
    """One host after another, and the inventory of each, finds its veths among them."""
    dn = f"vmm/computeEp-hv/vm-{UUIDS[0]}/nic-1"
    nics = Counted([{"dn": dn, "macAddr": "52:54:00:00:00:01"}])
    vifs = Counted([{"dn": f"{dn}/vif-1", "vifId": "7"}])
    found = [veths_by_mac(fabric(vmNic=nics, vmVif=vifs)).need() for _ in range(3)]
    assert [*found[0]] == [(UUIDS[0], "52:54:00:00:00:01")]
    assert found[0] is found[2]
    assert (nics.times, vifs.times) == (1, 1)


def test_veths_of_another_fabric_are_its_own() -> None:
    """Also where its answers are equal but for one of them, and when the first is back again."""
    dn = f"vmm/computeEp-hv/vm-{UUIDS[0]}/nic-1"
    nics = ({"dn": dn, "macAddr": "52:54:00:00:00:01"},)
    some, others = ({"dn": f"{dn}/vif-1", "vifId": "7"},), ({"dn": f"{dn}/vif-1", "vifId": "8"},)
    for vifs, number in ((some, "7"), (others, "8"), (some, "7")):
        [[veth]] = veths_by_mac(fabric(vmNic=nics, vmVif=vifs)).need().values()
        assert veth.number == number


def test_adapters_are_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter's hash is that of every function and all its evidence."""

    def hashed(_: Adapter) -> int:
        raise AssertionError("an adapter was hashed")

    monkeypatch.setattr(Adapter, "__hash__", hashed)
    assert judge_raw(REFERENCE.raw(), None, "VIC-02").verdicts == {"VIC-02": "compliant"}


def test_interfaces_of_a_pool_have_its_functions_in_common() -> None:
    """A pool's functions are looked up for the first interface that it serves."""
    function = PciFunction("0000:06:00.1", 0x1137, 0x0071, netdevs=("eth8",))
    pool = Network("pool", "passthrough", devs=("eth8", "gone"))
    attachments = Attachments(
        Known({"pool": Known(pool)}), Known(PciTree({function.address: function})), Known({})
    )
    interface = Interface("network", network="pool")
    one, other = (attachments.resolve(DOMAIN, DEFINITION, interface).need() for _ in range(2))
    assert one.functions == Known((function,))
    assert one.absent == ("gone",)
    assert one.functions is other.functions


def test_functions_below_a_bond() -> None:
    """A device that is no PCI function's stands on those of the links that it has."""
    tree = PciTree({n: PciFunction(n, 0x1137, 0x0071, netdevs=(f"eth{n}",)) for n in "12"})
    slaves = {name: Link(name, 2, master="bond0") for name in ("eth2", "eth1")}
    links = {"vlan7": Link("vlan7", 9, lower="bond0"), "bond0": Link("bond0", 8), **slaves}
    attachments = Attachments(Known({}), Known(tree), Known(links))
    resolved = attachments.resolve(DOMAIN, DEFINITION, Interface("direct", dev="vlan7"))
    assert [f.address for f in resolved.need().functions.need()] == ["2", "1"]
