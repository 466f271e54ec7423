"""Hosts on which the guide says no, or which could not be read, and which look well at first."""

from dataclasses import replace

import pytest

from checks.plan import Plan
from tests.matrix.changes import (
    APP02,
    DEVICES,
    WEB01,
    added_link,
    edit,
    function,
    netlink,
    put,
    remove,
    unreadable,
)
from tests.matrix.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Host,
)
from tests.support.construct.hosts import PRIVATE_20, REFERENCE as BLADE, Nic, POOL, mac, vm
from tests.support.construct.netlink import PORT_PROFILE, Message, attribute

PERSISTENT = f"{WEB01}/persistent.xml"
NETWORK = f"libvirt/networks/{POOL}.xml"
PORT = """<virtualport type='802.1Qbh'>
        <parameters profileid='web'/>
      </virtualport>"""


def verdict(host: Host, rule: str) -> str:
    return host.judged().verdicts[rule]


def test_unread_domain_may_need_the_iommu() -> None:
    """A host with a VM on MacVTap direct and another that nobody could read may need SR-IOV."""
    assert verdict(PRIVATE.but(unreadable(APP02)), "HST-06") == UNDETERMINED
