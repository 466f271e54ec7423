"""`vmfex certify` and `vmfex record`: the commands that read a host."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vmfex.allure_extent import Allure
from vmfex.commands.choices import complete_host, complete_rule, rule_ids
from vmfex.commands.out_folder import OutFolder
from vmfex.exit_status import TABLE
from vmfex.fail_on import TABLE as FAIL_ON_TABLE
from vmfex.fail_on import FailOn
from vmfex.fleet.many import AT_ONCE, MOST_AT_ONCE, Many

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest

LIBVIRT_URI = "qemu:///system"

CERTIFY_EPILOG = f"""\
\b
Examples:
  vmfex certify
  vmfex certify reference --out /tmp/reference --html
  vmfex certify ./recordings/blade-7 --plan plan.yaml
  vmfex certify ssh://root@blade-7
  vmfex certify ssh://root@blade-7 --guest db01=db01.tar
  vmfex certify qemu+ssh://root@blade-7/system
  vmfex certify ./captures blade-8.tar.gz ssh://blade-9 --out fleet
  vmfex certify ./captures --out fleet --resume
  vmfex certify --inventory site.yaml --out fleet
  vmfex certify --inventory site.yaml --scheduler tls://judges:8786
  vmfex certify blade-7.tar --waivers waivers.yaml
  vmfex certify --rule VIC-02 --rule SRV-03 --verbose
  vmfex certify --tag blocker --quiet
  vmfex certify --ucsm https://ucs.example.com --ucsm-ca ca.pem
  vmfex certify blade-7.tar --fail-on violated

{TABLE}
{FAIL_ON_TABLE}"""

RECORD_EPILOG = """\
\b
Examples:
  vmfex record local blade-7
  vmfex record ssh://root@blade-7 blade-7.tar.gz
  vmfex record local blade-7 --ucsm https://ucs.example.com
  vmfex certify ./blade-7
"""

inventory_option = click.option(
    "--inventory",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The hosts (YAML; `vmfex schema inventory` describes it), or what `ansible-inventory "
    "--list` prints.",
)
uri_option = click.option(
    "--libvirt-uri",
    metavar="URI",
    default=LIBVIRT_URI,
    show_default=True,
    help="Where the host's libvirt is; it is opened read-only.",
)


_guest = click.option(
    "--guest",
    "guests",
    metavar="NAME=FILE",
    multiple=True,
    help="A capture taken inside the VM of that name or UUID; can be repeated. Only with one HOST.",
)


def ucsm_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that make UCS Manager a source."""
    for option in (
        click.option(
            "--ucsm-insecure",
            is_flag=True,
            help="Do not verify UCS Manager's certificate; reports say so.",
        ),
        click.option(
            "--ucsm-ca",
            metavar="FILE",
            help="The CA of UCS Manager's certificate (PEM), if the system does not know it.",
        ),
        click.option(
            "--ucsm",
            metavar="URL",
            help="Ask UCS Manager at https://HOST too. User and password: VMFEX_UCSM_USER and "
            "VMFEX_UCSM_PASSWORD, ~/.netrc or the keyring.",
        ),
    ):
        command = option(command)
    return command


def asked(url: str | None, ca: str | None, insecure: bool) -> "UcsmRequest | None":
    """What these options ask of UCS Manager; None where they ask nothing."""
    if url is None:
        if ca or insecure:
            raise click.UsageError("--ucsm-ca and --ucsm-insecure need --ucsm.")
        return None
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest

    return UcsmRequest(url, ca, insecure, click.get_current_context().find_root().obj or {})


@click.command(epilog=CERTIFY_EPILOG)
@click.argument("hosts", metavar="[HOST]...", nargs=-1, shell_complete=complete_host)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the host is meant for (YAML; `vmfex schema plan` describes it).",
)
@click.option(
    "--waivers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Waivers, statements and objections (YAML; a plan may have them too).",
)
@click.option(
    "--out",
    type=OutFolder(file_okay=False, path_type=Path),
    metavar="DIR",
    default=Path("certification"),
    show_default=True,
    help="Where the record and the reports are written; those of the run before move to previous/.",
)
@click.option(
    "--rule",
    "rules",
    metavar="ID",
    multiple=True,
    callback=rule_ids,
    shell_complete=complete_rule,
    help="Run this rule only; can be repeated. Such a run certifies nothing.",
)
@click.option(
    "--tag",
    "tags",
    metavar="TAG",
    multiple=True,
    help="Run the rules with this tag only; can be repeated. Such a run certifies nothing.",
)
@click.option(
    "--strict", is_flag=True, help="Let every derived rule count, advice and undetermined ones too."
)
@click.option(
    "--guide-only",
    is_flag=True,
    help="Let the guide's own rules alone count, not what libvirt or the kernel refuses.",
)
@click.option(
    "--fail-on",
    type=click.Choice([str(word) for word in FailOn]),
    default=str(FailOn.INCOMPLETE),
    show_default=True,
    help="From which decision on the exit status is not 0; see below.",
)
@uri_option
@_guest
@ucsm_options
@inventory_option
@click.option(
    "--parallel",
    metavar="N",
    type=click.IntRange(1, MOST_AT_ONCE),
    default=AT_ONCE,
    show_default=True,
    help="Collect from so many hosts at a time.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have several hosts judged by the workers of the Dask scheduler there (tls://HOST:8786), "
    "which is trusted like this program.",
)
@click.option(
    "--resume", is_flag=True, help="Go on with a run over several hosts that was interrupted."
)
@click.option("-q", "--quiet", is_flag=True, help="Show the line of the decision only.")
@click.option("-v", "--verbose", is_flag=True, help="Show the findings of every rule.")
@click.option(
    "--allure",
    type=click.Choice([str(word) for word in Allure]),
    help="Which of Allure's results to write; by default all of up to 100 hosts, and of more those "
    "that are not compliant. `vmfex report allure` makes all of them later.",
)
@click.option("--html", is_flag=True, help="Render the Allure report as HTML too.")
def certify(
    hosts: tuple[str, ...],
    plan: Path | None,
    waivers: Path | None,
    out: Path,
    rules: tuple[str, ...],
    tags: tuple[str, ...],
    strict: bool,
    guide_only: bool,
    fail_on: str,
    libvirt_uri: str,
    guests: tuple[str, ...],
    ucsm: str | None,
    ucsm_ca: str | None,
    ucsm_insecure: bool,
    inventory: Path | None,
    parallel: int,
    scheduler: str | None,
    resume: bool,
    quiet: bool,
    verbose: bool,
    allure: str | None,
    html: bool,
) -> int:
    """Judge each HOST by the rules, and say whether VM-FEX may run there.

    HOST is `local` (the default: this machine), ssh://[user@]host[:port], a libvirt URI, the path
    of a capture or a recording, or of a directory of them, which is all of them, or the name of an
    embedded recorded host (`vmfex hosts`). The last line is the decision; with several hosts, each
    has a line, and the last one counts.
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose cannot be used together.")
    extent = Allure(allure) if allure else None
    if html and extent not in (None, Allure.ALL):
        raise click.UsageError(f"--html shows all of Allure: leave out --allure {extent}.")
    from vmfex.engine.request import Display, Request, Sources, plan_at
    from vmfex.evidence.host_spec import parse_host
    from vmfex.fleet.targets import are_several

    if inventory and hosts:
        raise click.UsageError("--inventory names the hosts: name no HOST beside it.")
    wanted = [parse_host(host) for host in hosts or ("local",)]
    several = inventory is not None or are_several(wanted)
    if several and guests:
        raise click.UsageError("--guest works with one HOST only: give the host that runs the VM.")
    sources = Sources(libvirt_uri, _captures(guests), asked(ucsm, ucsm_ca, ucsm_insecure))
    request = Request(plan_at(plan, waivers), rules, tags, strict, guide_only, sources)
    display = Display(quiet, verbose, html, FailOn(fail_on), extent)
    if several:
        from vmfex.fleet import fleet

        said = click.get_current_context().find_root().obj or {}
        many = Many(parallel, resume, scheduler, said=said)
        if inventory:
            from vmfex.fleet.inventory import read_inventory, with_defaults

            found = with_defaults(read_inventory(inventory), plan, waivers)
            many = replace(many, entries=found)
        return fleet.certify_fleet(wanted, request, out, display, many)
    if scheduler is not None:
        raise click.UsageError("--scheduler is for several hosts: name them all.")
    if resume:
        raise click.UsageError("--resume goes on with a run over several hosts: name them all.")
    from vmfex import one_host

    return one_host.certify_one(wanted[0], request, out, display)


@click.command(epilog=RECORD_EPILOG, short_help="Write the raw evidence of HOST to DIR.")
@click.argument("host", shell_complete=complete_host)
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@uri_option
@_guest
@ucsm_options
def record(
    host: str,
    directory: Path,
    libvirt_uri: str,
    guests: tuple[str, ...],
    ucsm: str | None,
    ucsm_ca: str | None,
    ucsm_insecure: bool,
) -> int:
    """Write the raw evidence of HOST to DIR, as a recorded host that can be certified anywhere."""
    from vmfex.engine.request import Sources
    from vmfex.evidence.host_spec import parse_host
    from vmfex.recording import record as write_recording

    sources = Sources(libvirt_uri, _captures(guests), asked(ucsm, ucsm_ca, ucsm_insecure))
    return write_recording(parse_host(host), directory, sources)


def _captures(words: tuple[str, ...]) -> dict[str, Path]:
    from vmfex.engine.guests import guests as parse

    return parse(words)
