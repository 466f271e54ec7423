"""The pytest plugin: `.feature` files as tests of one host, and a certification at the end.

It does nothing, and loads next to nothing, until `--host` names a host: other people's tests run
beside it.
"""

from collections.abc import Generator
from contextlib import ExitStack

import pytest

from vmfex import interrupts
from vmfex.engine.rule_list import RULE_LIST, is_rule_list, rules_at
from vmfex.private_files import private_files
from vmfex.progress import say
from vmfex.pytest_plugin import options, requirements

pytest_plugins = ["vmfex.fixtures.host"]


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, int | None, int | None]:
    """SIGTERM and SIGHUP end a session like Ctrl-C, and none of them ends it in a traceback."""
    if config.option.host is None:
        return (yield)
    with interrupts.listening():
        try:
            status = yield
        except BaseException:
            if not interrupts.heard():
                raise
        if interrupts.heard():
            say(interrupts.SENTENCE)
            return interrupts.INTERRUPTED
        return status


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.host is None:
        folder = rules_at(config.args)
        if folder and is_rule_list(folder / RULE_LIST):
            raise pytest.UsageError(
                f"the rules in {folder} judge a host, but no host is named: "
                "pytest features --host HOST (local, ssh://HOST, or a name of `vmfex hosts`)"
            )
        return
    from vmfex.pytest_plugin.collection import forget_features, judge_ours_where_none_are_named
    from vmfex.pytest_plugin.session import SESSION, Session

    judge_ours_where_none_are_named(config)
    requirements.refuse_workers(config)
    requirements.need_plugins(config)
    requirements.allow_md5(config)
    # what a signal ends in the midst of another plugin's hook is no fault of that plugin
    config.addinivalue_line("filterwarnings", "ignore::pluggy.PluggyTeardownRaisedWarning")
    forget_features()
    held = ExitStack()
    held.enter_context(private_files())
    config.add_cleanup(held.close)
    config.pluginmanager.register(Session(config), SESSION)
