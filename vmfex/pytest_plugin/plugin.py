"""The pytest plugin: `.feature` files as tests of one host, and a certification at the end.

It does nothing until `--host` names a host, so that the project's own tests run beside it.
"""

from pathlib import Path

import pytest

from vmfex.engine.rule_list import RULE_LIST, is_rule_list
from vmfex.pytest_plugin import requirements
from vmfex.pytest_plugin.collection import forget_features, rules_at
from vmfex.pytest_plugin.session import SESSION, Session

pytest_plugins = ["vmfex.fixtures.host"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("vmfex", "certify a KVM host for Cisco VM-FEX")
    group.addoption("--host", help="local, an embedded host's name, a recording, ssh://HOST")
    group.addoption("--plan", type=Path, help="what the host is meant for (YAML)")
    group.addoption("--out", type=Path, default=Path("certification"), help="where reports go")
    group.addoption("--libvirt-uri", default="qemu:///system", help="for the host `local`")
    group.addoption("--guest", action="append", default=[], help="NAME=FILE, a capture in a VM")
    group.addoption("--ucsm", metavar="URL", help="UCS Manager to ask, https://HOST")
    group.addoption("--ucsm-ca", metavar="FILE", help="certificates to trust for UCS Manager")
    group.addoption("--ucsm-insecure", action="store_true", help="verify no certificate")
    group.addoption("--strict-derived", action="store_true", help="derived rules decide too")
    group.addoption("--rule", action="append", default=[], help="judge this rule id only")
    group.addoption("--tag", action="append", default=[], help="judge rules with this tag only")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.host is None:
        folder = rules_at(config)
        if folder and is_rule_list(folder / RULE_LIST):
            raise pytest.UsageError(
                f"the rules in {folder} judge a host, and none is named: "
                "pytest features --host HOST (local, ssh://HOST, or a name of `vmfex hosts`)"
            )
        return
    requirements.refuse_workers(config)
    requirements.need_plugins(config)
    requirements.allow_md5(config)
    forget_features()
    config.pluginmanager.register(Session(config), SESSION)
