"""Live migration within each cluster of a site."""

from lxml import etree

from tests.checks.rules.test_move import EMULATION, HOSTDEV, UNREAD, site
from tests.support.certifications import certification, result
from tests.support.pages import element, rows_of, words
from vmfex.checks.model.fact import Known
from vmfex.checks.rules.move import Site
from vmfex.reports.certificate.fleet import render
from vmfex.reports.site_clusters import Cluster, clusters
from vmfex.reports.summary import summarise

A = site("a", movers=(EMULATION, HOSTDEV))
B, C, D = site("b"), site("c", movers=(EMULATION,)), site("d")


def _signs(cluster: Cluster) -> dict[str, str]:
    return {
        row.mover.name: "".join(sign for sign, _ in cluster.signs(row)) for row in cluster.rows()
    }


def test_each_cluster_has_its_own_hosts_and_vms() -> None:
    """By name; last the hosts in no cluster that anybody knows. A VM that can move nowhere comes
    first."""
    lost = site("e", uuid=UNREAD)
    found = clusters([lost, A, B, C, D])
    assert [(each.name, each.moves.labels) for each in found] == [
        ("default", ("a", "b")),
        ("lab", ("c",)),
        ("", ("e", "d")),
    ]
    assert list(_signs(found[0]).items()) == [("db01", "-x"), ("web01", "-+")]
    assert [each.stuck for each in found] == [1, 1, 0]


def test_what_nobody_knows_is_not_said_to_be_impossible() -> None:
    """A destination whose room was not read: the VM may be able to move there."""
    [default] = clusters([A, site("b", room=UNREAD)])
    assert (default.stuck, default.unknown) == (1, 1)
    assert "1 can move to no other host, of 1 that is not known" in words(
        _section([A, site("b", room=UNREAD)])
    )


def test_clusters_of_two_managers_are_two() -> None:
    """Also where both call theirs `default`."""
    other = site("b", clusters=Known({"uuid-b": "default"}))
    assert [(each.name, each.moves.labels) for each in clusters([A, other])] == [
        ("default", ("a",)),
        ("default", ("b",)),
    ]


def _section(sites: list[Site]) -> etree._Element:
    of = {s.label: certification(result(), host=s.label) for s in sites}
    hosts = [summarise(c, h, h, status=0, directory="x", reason="") for h, c in of.items()]
    page = "".join(render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d", {}, sites))
    return element(page, "section", "aria-labelledby", "migration")


def test_the_page_has_a_column_for_each_host_of_a_small_cluster() -> None:
    """And says what keeps a VM where it is."""
    section = _section([A, B, C])
    headings = [words(heading) for heading in section.iter("h3")]
    assert headings == [
        "Cluster default: 2 hosts, 2 VMs on VM-FEX, 1 can move to no other host",
        "Cluster lab: 1 host, 1 VM on VM-FEX, 1 can move to no other host",
    ]
    rows = rows_of(next(section.iter("table")))
    assert rows == [
        ["VM", "On", "a", "b", "What keeps it"],
        [
            "db01",
            "a",
            "-",
            "x",
            "SR-IOV VF passthrough: live migration is not supported (1 host)",
        ],
        ["web01", "a", "-", "+", ""],
    ]


def test_of_a_large_cluster_hosts_are_counted() -> None:
    """21 hosts are more than a person can follow as columns."""
    known = {f"uuid-h{n}": "default" for n in range(21)}
    sites = [site(f"h{n}", clusters=Known(known)) for n in range(20)]
    sites.append(site("h20", clusters=Known(known), movers=(EMULATION,)))
    rows = rows_of(_section(sites))
    assert rows == [["VM", "On", "Can move to", "What keeps it"], ["web01", "h20", "20 hosts", ""]]
