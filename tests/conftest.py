"""What tests of every room share."""

from hypothesis import HealthCheck, settings

from tests.support import signals
from tests.support.libvirtd import libvirtd, libvirtd_cache
from tests.support.signals import interruptible
from tests.support.sshd import sshd
from tests.support.workers import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = [
    "interruptible",
    "libvirtd",
    "libvirtd_cache",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "sshd",
]

signals.give_back()

# A slow machine is no failure: nothing here is a timed test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("patient"), max_examples=5_000)
settings.load_profile("patient")
