"""The host that nobody could read."""

from tests.support.construct.raw import RawTree


def unreadable() -> RawTree:
    """A host of which nothing could be read, each area for a reason of its own."""
    tree, denied = RawTree(), "permission denied"
    reasons = dict.fromkeys(("sys", "proc", "etc", "dev", "lib", "var"), denied)
    reasons |= {
        "uname": "no answer within 10 s",
        "kernel-changelog": "rpm: cannot open the Packages database",
        "netlink": "cannot open a Netlink socket: operation not permitted",
        "libvirt": "authentication unavailable: no polkit agent available to authenticate action",
        "ucsm": "no route to host",
        "guests": "no guest was captured",
    }
    note = "A host on which nothing can be read: incomplete"
    tree.describe("unreadable", note, reasons)
    return tree
