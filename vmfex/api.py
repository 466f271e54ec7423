"""The Python API: one host certified, and what can be made of the result."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmfex.checks.model.plan import Plan
from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.engine.catalogue import CatalogueError
from vmfex.engine.certify import Outcome, judge_host, open_host, prepared
from vmfex.engine.request import LIBVIRT_URI, Request, Sources, plan_at
from vmfex.errors import InternalError, UsageError
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.private_files import private_files

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest as UcsManager


@dataclass(frozen=True)
class Result:
    """A host's certification. `rules` has each rule's verdict and findings by its id, in the order
    in which the record has them; `errors` are faults of the program, a sentence each."""

    _outcome: Outcome
    _rules: Mapping[str, Rule]

    @property
    def certification(self) -> Certification:
        """All that the record holds."""
        return self._outcome.certification

    @property
    def decision(self) -> Decision:
        """INCOMPLETE too where a rule that is only advice broke."""
        misled = self._outcome.misleads
        return Decision.INCOMPLETE if misled else self.certification.decision

    @cached_property
    def rules(self) -> Mapping[str, RuleResult]:
        return {result.rule.id: result for result in self.certification.results}

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(self._outcome.errors)

    @property
    def exit_status(self) -> int:
        """What `vmfex certify` would end with."""
        return int(self._outcome.status)

    def record(self) -> dict[str, Any]:
        """certification.json as Python values (`vmfex schema` describes it)."""
        from vmfex.reports.record import dump

        return dump(self.certification)

    def write(self, directory: str | PathLike[str]) -> None:
        """Writes record, JUnit and Allure's results, and moves an earlier run's to `previous`.
        Raises InternalError where a rule broke so that the record would mislead, UsageError where
        the directory cannot be used or has files of others under these names, OSError where they
        cannot be written."""
        from vmfex.engine import output
        from vmfex.folder.folder import folder_at

        if self._outcome.misleads:
            raise InternalError("; ".join(self.errors))
        with private_files(), folder_at(directory).run() as folder:
            output.write(folder.new, self._outcome, self._rules)
            folder.publish()


def certify(
    host: str | PathLike[str] = "local",
    *,
    plan: Plan | str | PathLike[str] | None = None,
    waivers: str | PathLike[str] | None = None,
    rules: Iterable[str] = (),
    tags: Iterable[str] = (),
    strict: bool = False,
    guide_only: bool = False,
    libvirt_uri: str = LIBVIRT_URI,
    guests: Mapping[str, str | PathLike[str]] | None = None,
    ucsm: "UcsManager | None" = None,
) -> Result:
    """Judges one host as `vmfex certify HOST` does, and writes nothing.

    `host` is what the command takes: `local`, ssh://[user@]host[:port], a libvirt URI, the path of
    a recording, capture or sosreport, or the name of an embedded host. `plan` is a Plan or the file
    of one, `waivers` a file of waivers, statements and objections; `guests` are captures taken
    inside VMs, by the VM's name or UUID. With `rules` or `tags` only those are judged, which
    certifies nothing. `strict` lets every derived rule decide, `guide_only` none of them.

    A host that cannot be reached is a result, INCOMPLETE. Raises UsageError, in one sentence, for
    what cannot be used: a host that is none, a plan, a rule's id.
    """
    sources = Sources(libvirt_uri, {n: Path(file) for n, file in (guests or {}).items()}, ucsm)
    with _refusals_as_usage_errors():
        file = None if plan is None or isinstance(plan, Plan) else Path(plan)
        meant = plan_at(file, Path(waivers) if waivers is not None else None)
        if isinstance(plan, Plan):
            meant = replace(plan, accepted=(*plan.accepted, *meant.accepted))
        request = Request(meant, tuple(rules), tuple(tags), strict, guide_only, sources)
        with prepared(request) as job:
            if not job.chosen:
                raise UsageError("no rule ran: the selection matches no rule")
            outcome = judge_host(open_host(parse_host(_named(host)), job), job)
    return Result(outcome, job.rule_set.rules)


def _named(host: str | PathLike[str]) -> str:
    """A path object is a path, also where its name is that of an embedded host."""
    return host if isinstance(host, str) else str(Path(host).absolute())


@contextmanager
def _refusals_as_usage_errors() -> Iterator[None]:
    try:
        yield
    except (RecordingError, UcsmError, CatalogueError) as error:
        raise UsageError(str(error)) from error
