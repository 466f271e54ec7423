"""How libvirt answered, from what `virsh version` printed or said in error."""

import re

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.checks.text import encodable
from vmfex.evidence.parsers import excerpt, fact, give_up
from vmfex.evidence.sources.capture.documents import MANIFEST, Row, parse_manifest
from vmfex.evidence.tree import Tree, text

VERSION = "libvirt/version.txt"
URI = "qemu:///system"
NUMBER = r"(\d{1,6})\.(\d{1,3})\.(\d{1,3})"
DAEMON = re.compile(rf"^Running against daemon: {NUMBER}\s*$", re.MULTILINE)
LIBRARY = re.compile(rf"^Using library: libvir(?:t)? {NUMBER}\s*$", re.MULTILINE)
DRIVER = re.compile(r"^Using API: (\S+) ", re.MULTILINE)
HYPERVISOR = re.compile(rf"^Running hypervisor: \S+ {NUMBER}\s*$", re.MULTILINE)
# What libvirt says where nothing listens at its socket: ENOENT and ECONNREFUSED.
NOBODY = re.compile(
    r"(Failed to connect socket to|unable to connect to) '[^']*'.*"
    r": (No such file or directory|Connection refused)"
)


def virsh_connection(tree: Tree) -> Fact[LibvirtAnswer] | None:
    """None where virsh was not asked."""
    printed = text(tree, VERSION)
    if isinstance(printed, Known) and printed.value is not None:
        return parse_version(printed.value)
    manifest = tree.read(MANIFEST)
    if isinstance(manifest, Unknown) or manifest.value is None:
        return None
    failed = [row for row in parse_manifest(manifest.value) if row.path == VERSION]
    return parse_failure(failed[-1]) if failed else None


@fact
def parse_version(printed: str) -> Fact[LibvirtAnswer]:
    """The daemon's version; on one host that is its library's, where virsh cannot tell it."""
    whole = excerpt(VERSION, printed)
    version = DAEMON.search(printed) or LIBRARY.search(printed)
    driver, hypervisor = DRIVER.search(printed), HYPERVISOR.search(printed)
    said = " ".join(printed.split())
    if NOBODY.search(said):  # a sosreport keeps errors in the same file
        return Known(LibvirtAnswer(URI, "refused", message=encodable(said[:300])), (whole,))
    if version is None or driver is None:
        give_up(f"{VERSION} does not show libvirt's version and driver", whole)
    message = "" if hypervisor else "virsh does not show the hypervisor's version"
    connection = LibvirtAnswer(
        URI,
        "connected",
        driver[1],
        _number(version),
        _number(hypervisor) if hypervisor else None,
        message,
    )
    return Known(connection, (whole,))


def parse_failure(row: Row) -> Fact[LibvirtAnswer]:
    """A daemon that does not run is known, and so is one that does not answer. Anything else, as a
    lack of permission, leaves open how it is."""
    said = row.error.replace("\\n", " ")
    evidence = Evidence(MANIFEST, "\t".join(row))
    if row.kind == "failed" and NOBODY.search(said):
        return Known(LibvirtAnswer(URI, "refused", message=row.reason), (evidence,))
    if row.kind == "failed" and row.status == "124":
        return Known(LibvirtAnswer(URI, "no answer", message=row.reason), (evidence,))
    return Unknown(f"libvirt at {URI} cannot be read: {row.reason}", (evidence,))


def _number(match: re.Match[str]) -> int:
    """As libvirt counts: major * 1,000,000 + minor * 1,000 + release."""
    major, minor, release = map(int, match.groups())
    return major * 1_000_000 + minor * 1_000 + release
