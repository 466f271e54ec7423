"""What reads an input, and tells in short words what it came to."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.fuzz import bases
from vmfex.bundle.verify import Word, verify
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.certification import Certification
from vmfex.engine.certify import judge_host, prepared
from vmfex.engine.plan_file import PlanError, load_plan
from vmfex.engine.request import Request
from vmfex.errors import UsageError
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.every_fact import read_everything
from vmfex.evidence.host import ReadHost
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.opening import open_path
from vmfex.evidence.parsers.domain import domain
from vmfex.evidence.parsers.schema import schema_errors
from vmfex.evidence.parsers.xml import parse_xml
from vmfex.evidence.sources.guest_captures import with_guests
from vmfex.evidence.sources.ucsm.answers import take_apart
from vmfex.evidence.sources.ucsm.channel import Trouble
from vmfex.evidence.sources.ucsm.classes import REQUESTS
from vmfex.evidence.tree import Tree, WrappingTree
from vmfex.lint.files import read
from vmfex.lint.judged import lint
from vmfex.lint.sarif import render as sarif
from vmfex.lint.text import render as lint_text
from vmfex.reports import ReportError, junit, record, text
from vmfex.reports.formats import MODULES, filled_plan, module_of
from vmfex.reports.formats.context import Context
from vmfex.reports.loading import load

_DETAILS = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-f]*\d[0-9a-f]*")
_SENTENCE_LIMIT = 6000  # characters: 500 of a path, each an escape of ten


def bundle(path: Path) -> Iterator[str]:
    """What of a bundle was touched; never nothing, where nobody gave a key."""
    found = verify(path, [])
    assert found.word is not Word.HOLDS
    for each in found.told[:50]:
        assert each.line.isprintable(), each.line
        yield f"{each.word} {signature(each.why)}"


def signature(sentence: str) -> str:
    """A sentence without what differs from input to input."""
    return _DETAILS.sub("_", sentence)[:200]


def refused(error: Exception) -> list[str]:
    """Of a refusal, which is one harmless sentence."""
    said = str(error)
    assert said.isprintable(), said
    assert 0 < len(said) < _SENTENCE_LIMIT, said
    return [signature(said)]


def told(facts: Iterable[Fact[object]]) -> Iterator[str]:
    for number, fact in enumerate(facts):
        if isinstance(fact, Unknown):
            assert fact.reason
            yield f"{number}: {signature(fact.reason)}"


class _Instead(WrappingTree):
    """A host of which one file is another, without a look at the rest."""

    def __init__(self, inner: Tree, path: str, content: bytes) -> None:
        super().__init__(inner)
        self._path, self._content = path, content

    def read(self, path: str) -> Fact[bytes | None]:
        return Known(self._content) if path == self._path else self._tree.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._tree.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return self._tree.link(path)

    def exists(self, path: str) -> Fact[bool]:
        return self._tree.exists(path)


_OPENED: dict[str, Tree] = {}


def split(raw: bytes) -> tuple[str, str, bytes]:
    """Base, path and content of an input that says what it is; KeyError for another one."""
    head, _, content = raw.partition(b"\n")
    base, _, path = head.decode("utf-8", "replace").partition(" ")
    bases.held(base)
    return base, path, content


def one_file(raw: bytes) -> Iterator[str]:
    """The facts that a file of a recorded host tells."""
    base, path, content = split(raw)
    if base not in _OPENED:
        _OPENED[base] = bases.with_file(base, path, content)
    tree: Tree = _Instead(_OPENED[base], path, content)
    area, _, rest = path.partition("/")
    if area == "sys":  # is read by way of links, under another name
        tree = bases.with_file(base, path, content)
    if path.startswith("libvirt/domains/"):
        yield from told([domain(tree, path.split("/")[2])])
    else:
        yield from told(_facts(ReadHost(tree), area, rest))


def _facts(host: ReadHost, area: str, rest: str) -> Iterator[Fact[object]]:
    kind = rest.partition("/")[0]
    if area == "ucsm":
        yield host.fabric.objects(rest.removesuffix(".xml"))
        host.fabric.notes()
    elif area == "netlink":
        yield host.links if kind == "links.bin" else host.pf_reply(rest[3:].removesuffix(".bin"))
    elif kind == "migration":
        yield host.migration_answer(rest.partition("/")[2].removesuffix(".json"))
    elif kind in ("networks", "network-states.json"):
        yield host.networks
        yield from host.networks.value.values() if isinstance(host.networks, Known) else ()
    elif area == "libvirt":
        yield from (host.libvirt, host.offers_kvm, host.uuid, host.machine)
    elif area == "sys":
        yield from (host.pci, host.iommu)
    elif area == "guests":
        yield host.guest_drivers(kind)
    else:
        yield from (host.release, host.kernel, host.kernel_changelog, host.cpu_flags)
        yield from (host.macvtap_driver, host.vfio_driver)


def valid(raw: bytes) -> Iterator[str]:
    """A domain's XML held against libvirt's schema."""
    _, _, content = split(raw)
    parsed = parse_xml(content, "domain.xml", "domain")
    if isinstance(parsed, Known):
        errors = schema_errors(parsed.evidence[0])
        yield signature(errors.value) if isinstance(errors, Known) else errors.reason


def whole_host(raw: bytes) -> Iterator[str]:
    """Every fact of a capture or a sosreport, of which one file is another."""
    try:
        tree = bases.with_file(*split(raw))
    except RecordingError as error:
        yield from refused(error)
        return
    host = ReadHost(tree)
    read_everything(host)
    yield from told((host.domains, host.networks, host.pci, host.links, host.release, host.libvirt))
    yield from told((host.kernel, host.iommu, host.kernel_changelog, host.cpu_flags))


def judged(raw: bytes) -> Iterator[str]:
    """Every rule on a host, and every report of it."""
    try:
        tree = bases.with_file(*split(raw))
    except RecordingError as error:
        yield from refused(error)
        return
    certification = certified(tree)
    for result in certification.results:
        for finding in result.findings:
            yield f"{result.rule.id} {finding.verdict} {signature(finding.observed)}"
    record.text(certification)
    junit.render(certification)
    text.render(certification)
    for name in MODULES:
        module_of(name).render([certification], Context())


def certified(tree: Tree, *rules: str) -> Certification:
    with prepared(Request(rules=rules)) as job:
        outcome = judge_host(tree, job)
    for judged in outcome.judged:
        if judged.error is not None:
            raise judged.error
    assert not outcome.errors, outcome.errors
    return outcome.certification


def in_a_file(read: Callable[[Path], Iterable[str]]) -> Callable[[bytes], Iterable[str]]:
    folder = tempfile.mkdtemp(prefix="vmfex-fuzz-")
    path = Path(folder, "input")

    def run(raw: bytes) -> Iterable[str]:
        path.write_bytes(raw)
        return read(path)

    return run


def opened(path: Path) -> Iterator[str]:
    """Whatever a file is: a recording, a capture, a sosreport, or nothing of all that."""
    try:
        tree = open_path(path)
    except RecordingError as error:
        yield from refused(error)
        return
    assert tree.name.isprintable()
    host = ReadHost(tree)
    read_everything(host)
    yield type(tree).__name__
    yield from told((host.domains, host.networks, host.pci, host.links, host.release, host.libvirt))


def inside(path: Path) -> Iterator[str]:
    """A capture taken inside a guest of the reference host."""
    host = _OPENED.setdefault("judged", bases.with_file("reference", "uname", b"Linux a 3 x"))
    try:
        with_guest = with_guests(host, {"db01": open_path(path)})
    except RecordingError as error:
        yield from refused(error)
        return
    read = ReadHost(with_guest)
    if isinstance(read.domains, Known):
        known = (each.value for each in read.domains.value if isinstance(each, Known))
        yield from told(read.guest_drivers(each.uuid) for each in known)


def plan(path: Path) -> Iterator[str]:
    try:
        found = load_plan(path)
    except PlanError as error:
        yield from refused(error)
    else:
        yield f"{len(found.topologies)} {len(found.must_migrate)} {len(found.out_of_scope)}"


def definition(path: Path) -> Iterator[str]:
    """Domain or network XML, as `vmfex lint` has it."""
    try:
        linted = lint(read([path]), Plan())
    except UsageError as error:
        yield from refused(error)
    else:
        sarif(linted)
        lint_text(linted, verbose=True)
        yield from (f"{problem.rule.id} {problem.place.line}" for problem in linted.problems)


def record_file(path: Path) -> Iterator[str]:
    try:
        certification = load(path)
    except ReportError as error:
        yield from refused(error)
    else:
        record.text(certification)
        text.render(certification)
        for name in MODULES:
            module_of(name).render([certification], Context())
        yield str(certification.decision)


def action_plan(path: Path) -> Iterator[str]:
    try:
        filled = filled_plan.read(path)
    except ReportError as error:
        yield from refused(error)
    else:
        yield from (f"{bool(a.owner)} {bool(a.due)} {bool(a.status)}" for a in filled.values())


def answer(raw: bytes) -> Iterator[str]:
    """What UCS Manager sent, about the classes of each request."""
    for request in REQUESTS:
        try:
            documents = take_apart(raw, request)
        except Trouble as error:
            yield from refused(error)
        else:
            for class_id, document in documents.items():
                parse_xml(document, class_id, "configResolveClass").need()


def host_name(raw: bytes) -> Iterator[str]:
    name = raw.decode("utf-8", "surrogateescape")
    if name.startswith((".", "/")):  # a folder of this machine would be searched for hosts
        return
    try:
        yield type(parse_host(name)).__name__
    except (UsageError, RecordingError) as error:
        yield from refused(error)
