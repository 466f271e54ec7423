"""The job of each host: one for all, or by what an inventory says of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from vmfex.checks.text import one_line
from vmfex.engine.acceptance_file import AcceptanceError, check
from vmfex.engine.certify import Job, prepared
from vmfex.engine.request import Request, plan_at
from vmfex.fleet.settings import PLAIN, Settings
from vmfex.fleet.targets import Target

Jobs = Mapping[Settings, Job]


@contextmanager
def jobs_of(request: Request, wanted: Sequence[Target], said: Mapping[str, str]) -> Iterator[Jobs]:
    """The jobs by the settings of hosts, for as long as sessions with UCS Managers may be open,
    one with each; `said` is what was in the environment for them. Raises UsageError,
    CatalogueError or UcsmError for what cannot be used."""
    with ExitStack() as stack:
        by_ucsm = {PLAIN: stack.enter_context(prepared(request))}
        jobs = dict(by_ucsm)
        for settings in dict.fromkeys(target.settings for target in wanted):
            asked = replace(settings, plan=None, waivers=None)
            if asked not in by_ucsm:
                by_ucsm[asked] = stack.enter_context(prepared(_asking(request, asked, said)))
            job = by_ucsm[asked]
            if settings not in jobs:
                jobs[settings] = replace(job, request=_meant(job.request, settings))
                _check(jobs[settings], settings)
        yield jobs


def _check(job: Job, settings: Settings) -> None:
    try:
        check(job.request.plan.accepted, job.rule_set.rules)
    except AcceptanceError as error:
        files = [one_line(str(file)) for file in (settings.plan, settings.waivers) if file]
        raise AcceptanceError(f"{' or '.join(files)}: {error}") from error


def _asking(request: Request, settings: Settings, said: Mapping[str, str]) -> Request:
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest

    ucsm = UcsmRequest(settings.ucsm, settings.ca, settings.insecure, said)
    return replace(request, sources=replace(request.sources, ucsm=ucsm))


def _meant(request: Request, settings: Settings) -> Request:
    if settings.plan is None and settings.waivers is None:
        return request
    return replace(request, plan=plan_at(settings.plan, settings.waivers))
