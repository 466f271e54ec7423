"""What a certification needs of the pytest and of the machine that it runs in."""

import hashlib
from functools import partial
from types import SimpleNamespace

import pytest


def refuse_workers(config: pytest.Config) -> None:
    """A worker that crashes takes its results along: there are none where a host is certified."""
    option = config.option
    spread = getattr(option, "dist", "no") != "no" or getattr(option, "tx", None)
    if spread or getattr(option, "numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("a certification is one process: run it without -n (xdist)")


def need_plugins(config: pytest.Config) -> None:
    """Raises UsageError where pytest does without a plugin that we stand on."""
    loaded = {
        "pytest-bdd": hasattr(config.hook, "pytest_bdd_after_step"),
        "allure-pytest": hasattr(config.option, "allure_report_dir"),
    }
    for plugin, there in loaded.items():
        if not there:
            raise pytest.UsageError(f"--host needs the plugin {plugin}, which is not loaded")


def allow_md5(config: pytest.Config) -> None:
    """allure-pytest hashes names with md5, which a machine in FIPS mode refuses for security: there
    it gets, for the session, one that is not for security. Nobody else does."""
    try:
        hashlib.md5(b"")
    except ValueError:
        from allure_commons import utils

        names_only = SimpleNamespace(md5=partial(hashlib.md5, usedforsecurity=False))
        config.add_cleanup(partial(setattr, utils, "hashlib", hashlib))
        vars(utils)["hashlib"] = names_only
