"""SR-IOV with MacVTap passthrough (rules EMU)."""

from tests.rules.changes import (
    WEB01,
    added_device,
    added_link,
    edit,
    netlink,
    put,
    unreadable,
    with_master,
    without_link,
)
from tests.rules.table import PRIVATE, REFERENCE, VIOLATED, Absence, Gap, Violation
from tests.rules.topology.macvtap_direct_rows import CARD, LIVE_MODE
from tests.support.construct.netlink import LINK, Message, u32
from vmfex.checks.model.plan import Plan

PERSISTENT = f"{WEB01}/persistent.xml"
MOVING = REFERENCE.but(plan=Plan(must_migrate=("web01",), destinations=("blade-2",)))
MAC = "52:54:00:5c:a1:60"
KERNEL = "lib/modules/3.10.0-1160.el7.x86_64"
SECOND = (
    "<interface type='direct'><mac address='52:54:00:5c:a1:11'/>"
    "<source dev='eth2' mode='passthrough'/><virtualport type='802.1Qbh'>"
    "<parameters profileid='web'/></virtualport><model type='virtio'/></interface>"
)

VIOLATIONS = (
    LIVE_MODE,
    Violation(
        "EMU-01",
        "a definition in mode vepa",
        REFERENCE.but(edit(PERSISTENT, "mode='passthrough'", "mode='vepa'")),
    ),
    Violation(
        "EMU-01",
        "a definition without a mode, which means vepa",
        REFERENCE.but(edit(PERSISTENT, " mode='passthrough'", "")),
    ),
    Violation(
        "EMU-02",
        "two interfaces of a VM on one VF",
        REFERENCE.but(added_device(PERSISTENT, SECOND)),
    ),
    Violation(
        "EMU-02",
        "a VLAN on a VF",
        REFERENCE.but(
            added_link(Message(60, "eth2.100", MAC, kind="vlan", lower=4)),
            edit(PERSISTENT, "dev='eth2'", "dev='eth2.100'"),
        ),
    ),
    Violation(
        "EMU-02",
        "a bridge on a VF",
        REFERENCE.but(
            added_link(Message(60, "br7", MAC, kind="bridge")),
            with_master("eth9", 60),
            edit(PERSISTENT, "dev='eth2'", "dev='br7'"),
        ),
        consequences={"TOP-01": (VIOLATED, "the bridge switches")},
    ),
    Violation(
        "EMU-02",
        "a VF that is a port of a bridge of the host's",
        REFERENCE.but(added_link(Message(60, "br7", MAC, kind="bridge")), with_master("eth4", 60)),
    ),
    *(
        Violation(
            "EMU-02",
            f"a VF on which the host has a link of kind {kind}",
            REFERENCE.but(added_link(Message(60, "own7", MAC, kind=kind, lower=6))),
        )
        for kind in ("macvlan", "ipvlan", "ipvtap", "macsec")
    ),
    Violation(
        "EMU-02",
        "a live link on another VF than is written",
        REFERENCE.but(netlink("netlink/links.bin", "macvtap0", u32(LINK, 4), u32(LINK, 9))),
        consequences={
            "EMU-04": (VIOLATED, "its link is not where it is written"),
            "PRF-04": (VIOLATED, "the VF that it stands on has no port"),
        },
    ),
    Violation(
        "EMU-03",
        "a guest interface that is not VirtIO",
        REFERENCE.but(edit(PERSISTENT, "<model type='virtio'/>", "<model type='e1000'/>")),
    ),
    Violation(
        "EMU-03",
        "no model, which means the emulator's default",
        REFERENCE.but(edit(PERSISTENT, "<model type='virtio'/>", "")),
    ),
    Violation("EMU-04", "a link that was deleted", REFERENCE.but(without_link("macvtap0"))),
    Violation(
        "EMU-04",
        "no macvtap driver",
        REFERENCE.but(
            edit("proc/modules", "macvtap ", "macvlan0 "),
            put(f"{KERNEL}/modules.builtin", "kernel/drivers/net/tun.ko\n"),
            put(f"{KERNEL}/modules.dep", "kernel/drivers/net/tun.ko:\n"),
        ),
    ),
    Violation(
        "EMU-05",
        "another PCI device of the host",
        MOVING.but(added_device(PERSISTENT, CARD)),
        base=MOVING,
    ),
)

NONE = "VMs on MacVTap direct alone"
ABSENCES = (
    Absence("EMU-01", NONE, PRIVATE),
    Absence("EMU-02", NONE, PRIVATE),
    Absence("EMU-03", NONE, PRIVATE),
    Absence("EMU-04", NONE, PRIVATE),
    Absence("EMU-05", "no VM must live-migrate", REFERENCE),
    Absence(
        "EMU-05",
        "the one that must is in hostdev mode",
        REFERENCE.but(plan=Plan(must_migrate=("db01",), destinations=("blade-2",))),
    ),
)

GAPS = (
    Gap("EMU-01", "the live links", REFERENCE.but(unreadable("netlink/links.bin"))),
    Gap("EMU-01", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap("EMU-02", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("EMU-03", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap("EMU-04", "the live links", REFERENCE.but(unreadable("netlink/links.bin"))),
    Gap("EMU-04", "the list of modules", REFERENCE.but(unreadable("proc/modules"))),
    Gap(
        "EMU-04",
        "the list of what is built in",
        REFERENCE.but(edit("proc/modules", "macvtap ", "macvlan0 ")),
    ),
    Gap("EMU-05", "the domain", MOVING.but(unreadable(WEB01))),
)
