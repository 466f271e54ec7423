"""`vmfex capacity HOST...`: room for more VM interfaces, and what a change would do."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from vmfex.commands.certify import asked, inventory_option, ucsm_options, uri_option
from vmfex.commands.choices import complete_host
from vmfex.errors import UsageError
from vmfex.fleet.many import AT_ONCE, MOST_AT_ONCE, Many

if TYPE_CHECKING:
    from vmfex.reports.capacity.host import HostCapacity

EPILOG = """\
\b
Examples:
  vmfex capacity reference
  vmfex capacity ssh://root@blade-7 ./captures blade-9.tar
  vmfex capacity --inventory site.yaml
  vmfex capacity certification                          of the record of a run
  vmfex capacity blade-7.tar --vfs 24                   24 VFs on each PF that has some
  vmfex capacity blade-7.tar --vfs eth0=24 --vfs eth1=0
  vmfex capacity blade-7.tar --vfs 24 --release 7.9 --plan plan.yaml
  vmfex capacity blade-7.tar --topology "SR-IOV VF passthrough=4" --json

With --vfs, --release or --topology the host is judged as it is and as it would be, and what is
shown is what if, not a certificate: what nobody can know before is undetermined. Nothing is ever
written.

\b
Exit status:
  0  the capacity is shown; the change, if any, makes no verdict that decides worse
  1  with the change, something that decides would be violated that is not now
  2  interrupted
  3  internal error
  4  wrong usage: option, host, plan or record
  6  a capacity is not known, or with the change something that decides would be undetermined
With several hosts, that of the worst: 3, then 1, then 6, then 0.
"""


def complete_topology(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from vmfex.checks.model.plan import Topology

    return [CompletionItem(str(name)) for name in Topology if name.startswith(incomplete)]


@click.command(epilog=EPILOG, short_help="Show how many more VM interfaces each HOST has room for.")
@click.argument("hosts", metavar="[HOST]...", nargs=-1, shell_complete=complete_host)
@click.option(
    "--vfs",
    metavar="[PF=]N",
    multiple=True,
    help="What if PFs had N VFs: each that has some, or the one with that network device or PCI "
    "address; can be repeated.",
)
@click.option(
    "--release",
    metavar="MAJOR.MINOR",
    help="What if the host ran this release of Red Hat Enterprise Linux.",
)
@click.option(
    "--topology",
    "topologies",
    metavar="NAME[=N]",
    multiple=True,
    shell_complete=complete_topology,
    help="What if it were planned for N (1) VM interfaces on this topology, called as in a plan; "
    "can be repeated.",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the host is meant for (YAML; `vmfex schema plan` describes it).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`vmfex schema capacity`).")
@uri_option
@ucsm_options
@inventory_option
@click.option(
    "--parallel",
    metavar="N",
    type=click.IntRange(1, MOST_AT_ONCE),
    default=AT_ONCE,
    show_default=True,
    help="Read so many hosts at a time.",
)
def capacity(
    hosts: tuple[str, ...],
    vfs: tuple[str, ...],
    release: str | None,
    topologies: tuple[str, ...],
    plan: Path | None,
    as_json: bool,
    libvirt_uri: str,
    ucsm: str | None,
    ucsm_ca: str | None,
    ucsm_insecure: bool,
    inventory: Path | None,
    parallel: int,
) -> int:
    """Show for each topology how many more VM interfaces HOST has room for, and which limit binds;
    with --vfs, --release or --topology also what would change before anything is changed.

    HOST is what `vmfex certify` takes, or a record: a certification.json or the folder of a run.
    """
    from vmfex.capacity.hosts import capacities
    from vmfex.capacity.records import is_record
    from vmfex.capacity.words import change_of
    from vmfex.engine.request import Request, Sources, plan_at
    from vmfex.evidence.host_spec import parse_host
    from vmfex.fleet.targets import targets, targets_of

    if inventory and hosts:
        raise click.UsageError("--inventory names the hosts: name no HOST beside it.")
    change = change_of(vfs, release, topologies)
    words = hosts or ("local",)
    records = [] if inventory else [Path(word) for word in words if is_record(word)]
    if records and change:
        raise UsageError(
            f"{records[0]} is a record, which has no evidence to be judged anew: for --vfs, "
            "--release and --topology name the host itself, or its capture"
        )
    request = Request(
        plan_at(plan), sources=Sources(libvirt_uri, ucsm=asked(ucsm, ucsm_ca, ucsm_insecure))
    )
    many = Many(parallel, said=click.get_current_context().find_root().obj or {})
    if inventory:
        from vmfex.fleet.inventory import read_inventory, with_defaults

        many = replace(many, entries=with_defaults(read_inventory(inventory), plan, None))
        wanted = targets_of(many.entries)
    else:
        wanted = targets(parse_host(word) for word in words if not is_record(word))
    found, status = capacities(wanted, records, request, change, many)
    click.echo(_rendered(found, as_json), nl=False)
    return int(status)


def _rendered(found: "list[HostCapacity]", as_json: bool) -> str:
    if as_json:
        from vmfex.reports.capacity.document import render as document
        from vmfex.version import VERSION

        return document(found, VERSION)
    from vmfex.reports.capacity.text import render

    return render(found)
