"""What hosts are made from: adapters, and operating systems with what their age shows."""

from dataclasses import replace

from tests.support.construct.spec import System, Vic

VIC_1340 = Vic(switch=0x007A, subsystem=0x012C, pid="UCSB-MLOM-40G-03")
VIC_1280 = Vic(switch=0x004E, subsystem=0x004F, pid="UCS-VIC-M82-8P")
VIC_1240 = Vic(switch=0x004E, subsystem=0x0084, pid="UCSB-MLOM-40G-01")
VIC_1455 = Vic(switch=0x0131, subsystem=0x0217, pid="UCSC-PCIE-C25Q-04")
M81KR = Vic(switch=0x0023, subsystem=0x0048, pid="N20-AC0002")

OS_RELEASE = """NAME="{name}"
VERSION="{version} ({code})"
ID="{id}"
ID_LIKE="fedora"
VERSION_ID="{version}"
PRETTY_NAME="{pretty}"
CPE_NAME="{cpe}"
"""
RHEL_79 = System(
    release="Red Hat Enterprise Linux Server release 7.9 (Maipo)",
    os_release=OS_RELEASE.format(
        name="Red Hat Enterprise Linux Server",
        version="7.9",
        code="Maipo",
        id="rhel",
        pretty="Red Hat Enterprise Linux Server 7.9 (Maipo)",
        cpe="cpe:/o:redhat:enterprise_linux:7.9:GA:server",
    ),
    kernel="3.10.0-1160.el7.x86_64",
    built="#1 SMP Tue Aug 18 14:50:17 EDT 2020",
    libvirt=4005000,
    hypervisor=1005003,
    machine="pc-i440fx-rhel7.0.0",
)
CENTOS_79 = replace(
    RHEL_79,
    release="CentOS Linux release 7.9.2009 (Core)",
    os_release=OS_RELEASE.format(
        name="CentOS Linux",
        version="7",
        code="Core",
        id="centos",
        pretty="CentOS Linux 7 (Core)",
        cpe="cpe:/o:centos:centos:7",
    ).replace('"fedora"', '"rhel fedora"'),
    built="#1 SMP Mon Oct 19 16:18:59 UTC 2020",
)
RHEL_86 = System(
    release="Red Hat Enterprise Linux release 8.6 (Ootpa)",
    os_release=OS_RELEASE.format(
        name="Red Hat Enterprise Linux",
        version="8.6",
        code="Ootpa",
        id="rhel",
        pretty="Red Hat Enterprise Linux 8.6 (Ootpa)",
        cpe="cpe:/o:redhat:enterprise_linux:8::baseos",
    ),
    kernel="4.18.0-372.9.1.el8.x86_64",
    built="#1 SMP Fri Apr 15 22:12:19 EDT 2022",
    libvirt=8000000,
    hypervisor=6002000,
    machine="pc-i440fx-rhel7.6.0",
)
RHEL_65 = System(
    release="Red Hat Enterprise Linux Server release 6.5 (Santiago)",
    os_release=None,
    kernel="2.6.32-431.el6.x86_64",
    built="#1 SMP Sun Nov 10 22:19:54 EST 2013",
    libvirt=10002,
    hypervisor=12001,
    machine="rhel6.5.0",
    iommu="dmar",
    sriov_files=False,
    old_netlink=True,
)
RHEL_61 = replace(
    RHEL_65,
    release="Red Hat Enterprise Linux Server release 6.1 (Santiago)",
    kernel="2.6.32-131.0.15.el6.x86_64",
    built="#1 SMP Tue May 10 15:42:40 EDT 2011",
    libvirt=8007,
    machine="rhel6.1.0",
    af_spec=0,
)
