"""What can stand for a rule or a host on the command line."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from vmfex.errors import UsageError

if TYPE_CHECKING:
    from vmfex.checks.result.rule import Rule

ELSEWHERE = ("ssh://", "qemu+ssh://", "qemu+tls://", "qemu+tcp://")  # how other machines begin


def find_rule(id_: str) -> "Rule":
    """The rule of that id, in any case. Raises UsageError with the ids that are close."""
    from vmfex.engine import catalogue

    by_id = {rule.id: rule for rule in catalogue.rules()}
    if id_.upper() in by_id:
        return by_id[id_.upper()]
    close = get_close_matches(id_.upper(), by_id, n=3)
    guess = f"; did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(f"there is no rule {id_[:40]!a}{guess} (`vmfex rules` lists them)")


def rule_ids(
    _ctx: click.Context, _parameter: click.Parameter, ids: tuple[str, ...]
) -> tuple[str, ...]:
    """The ids as the catalogue has them, each once."""
    return tuple(dict.fromkeys(find_rule(id_).id for id_ in ids))


def complete_rule(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from vmfex.engine import catalogue

    start = incomplete.upper()
    return [
        CompletionItem(rule.id, help=rule.title)
        for rule in catalogue.rules()
        if rule.id.startswith(start)
    ]


def complete_host(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The names of hosts; the shell itself completes paths where none fits."""
    from vmfex.evidence.embedded import embedded_hosts
    from vmfex.evidence.host_spec import LOCAL

    known = (LOCAL, *embedded_hosts(), *ELSEWHERE)
    names = [name for name in known if name.startswith(incomplete)]
    return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="file")]
