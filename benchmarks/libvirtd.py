"""A libvirtd with the VMs that the suite of testinfra asks about. Prints its URI, and ends when its
standard input does."""

import sys
import tempfile
from pathlib import Path

from tests.support.libvirtd import private_libvirtd
from tests.support.topology_xml import INTERFACES, NETWORKS, domain, network

VMS = {"web01": "macvtap-passthrough", "web02": "network", "db01": "hostdev-interface"}


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as cache,
        private_libvirtd(Path(cache)) as daemon,
    ):
        admin = daemon.connect()
        admin.networkDefineXML(network("pool", NETWORKS["pool"]))
        for name, kind in VMS.items():
            admin.defineXML(domain(name, INTERFACES[kind], "qemu"))
        admin.close()
        print(daemon.uri, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
