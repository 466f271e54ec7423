"""How libvirt answered, and what it says of itself and its host."""

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown, neither
from vmfex.checks.model.host import Kernel, LibvirtAnswer
from vmfex.checks.text import encodable, shown
from vmfex.evidence.parsers import UUID, excerpt, fact, give_up
from vmfex.evidence.parsers.bounded_json import bounded_json
from vmfex.evidence.parsers.virsh import virsh_connection
from vmfex.evidence.parsers.xml import Element, parse_xml, serialised
from vmfex.evidence.sources.libvirt_uri import weaknesses
from vmfex.evidence.tree import Tree, text

PATH, CAPABILITIES = "libvirt/connection.json", "libvirt/capabilities.xml"
PRODUCT_UUID = "sys/class/dmi/id/product_uuid"
JSON = "application/json"
NO_ANSWER = "libvirt did not answer"


@fact
def libvirt_connection(tree: Tree) -> Fact[LibvirtAnswer]:
    """From libvirt's own answer, or from what virsh printed."""
    answer = text(tree, PATH, JSON)
    if isinstance(answer, Unknown) or answer.value is None:
        printed = virsh_connection(tree)
        if isinstance(printed, Unknown) and isinstance(answer, Unknown):
            return neither(answer, printed)
        if printed is not None:
            return printed
    values, whole = _json(answer, PATH, "nobody asked libvirt")
    outcome = values.get("outcome")
    if outcome not in ("connected", "refused", "no answer"):
        give_up(f"{PATH} has no outcome that is known: {shown(repr(outcome))}", whole)
    connection = LibvirtAnswer(
        uri=_word(values, "uri", whole) or "",
        outcome=outcome,
        driver=_word(values, "driver", whole),
        version=_count(values, "version", whole),
        hypervisor_version=_count(values, "hypervisor_version", whole),
        message=_word(values, "message", whole) or "",
        is_host=values.get("is_host") is True,
    )
    return Known(connection, (whole,))


def connection_notes(connection: Fact[LibvirtAnswer]) -> tuple[str, ...]:
    """What a reader of any report has to know of the connection that libvirt's answers come by,
    also where they were recorded."""
    if isinstance(connection, Unknown):
        return ()
    uri = connection.value.uri
    place = shown(uri.partition("?")[0], 200)[1:-1]
    return tuple(f"libvirt at {place}: {weakness}" for weakness in weaknesses(uri))


def need_connected(connection: Fact[LibvirtAnswer]) -> None:
    """Raises Missing unless libvirt answered, since only then an absence means anything; with one
    reason for all that it was to tell, since it is one cause."""
    value = connection.need()
    if value.outcome != "connected":
        said = f": {value.message}" if value.message else ""
        give_up(f"{NO_ANSWER} ({value.outcome}{said})", *connection.evidence)


@fact
def capabilities(tree: Tree, connection: Fact[LibvirtAnswer]) -> Fact[Element]:
    """What libvirt says of its host and of the guests that it can run."""
    need_connected(connection)
    raw = tree.read(CAPABILITIES).need()
    if raw is None:
        give_up(f"{CAPABILITIES} is missing: nobody asked libvirt for its capabilities")
    return parse_xml(raw, CAPABILITIES, "capabilities")


@fact
def kvm_offer(parsed: Fact[Element]) -> Fact[bool]:
    """Whether libvirt offers KVM for x86-64 guests, by its capabilities."""
    guests = [
        guest
        for guest in parsed.need().findall("guest")
        if guest.find("arch[@name='x86_64']/domain[@type='kvm']") is not None
    ]
    telling = tuple(serialised(guest, CAPABILITIES) for guest in guests)
    return Known(bool(guests), telling or parsed.evidence)


@fact
def host_machine(kernel: Fact[Kernel], parsed: Fact[Element]) -> Fact[str]:
    """The processor's architecture as `uname -m` has it; from libvirt if the kernel is unknown."""
    if isinstance(kernel, Known):
        return Known(kernel.value.machine, kernel.evidence)
    try:
        arch = _cpu(parsed).findtext("arch") or ""
    except Missing:
        return kernel
    return Known(arch, (Evidence(CAPABILITIES, f"<arch>{arch}</arch>", "application/xml"),))


@fact
def virtualization_feature(parsed: Fact[Element]) -> Fact[frozenset[str]]:
    """The processor's vmx or svm, where libvirt lists it. It leaves out what its model of the
    processor implies, so that nothing follows where it does not."""
    for name in ("vmx", "svm"):
        feature = _cpu(parsed).find(f"feature[@name='{name}']")
        if feature is not None:
            return Known(frozenset([name]), (serialised(feature, CAPABILITIES),))
    give_up(
        f"{CAPABILITIES} lists neither vmx nor svm, but the processor may still have one of them"
    )


def _cpu(parsed: Fact[Element]) -> Element:
    cpu = parsed.need().find("host/cpu")
    return give_up(f"{CAPABILITIES} does not describe the processor") if cpu is None else cpu


@fact
def host_uuid(tree: Tree, parsed: Fact[Element]) -> Fact[str]:
    """The UUID that libvirt gives the host in port profile requests, in lower case, by its
    capabilities; from the firmware, where libvirt has it from as well, if libvirt does not tell."""
    try:
        told = parsed.need().findtext("host/uuid") or ""
        return _uuid(told, Evidence(CAPABILITIES, f"<uuid>{told}</uuid>", "application/xml"))
    except Missing as missing:
        from_libvirt = missing.unknown
    content = text(tree, PRODUCT_UUID)
    if isinstance(content, Unknown) or content.value is None:
        firmware = content.reason if isinstance(content, Unknown) else f"no /{PRODUCT_UUID}"
        give_up(f"{from_libvirt.reason}; {firmware}", *from_libvirt.evidence)
    return _uuid(content.value, *content.evidence)


def _uuid(told: str, *evidence: Evidence) -> Fact[str]:
    value = told.strip().lower()
    if not UUID.fullmatch(value) or len(set(value)) < 3:  # firmware's ways to say "none"
        give_up(f"{evidence[0].where} gives no UUID: {shown(value)}", *evidence)
    return Known(value, evidence)


@fact
def migration_answer(tree: Tree, domain_uuid: str) -> Fact[str]:
    """What the hypervisor said when asked to save or migrate the VM; empty if it would."""
    if not UUID.fullmatch(domain_uuid):
        give_up(f"{shown(domain_uuid)} is not the UUID of a domain")
    path = f"libvirt/migration/{domain_uuid}.json"
    answer = text(tree, path, JSON)
    values, whole = _json(answer, path, "nobody asked the hypervisor to save or migrate it")
    status, said = _count(values, "status", whole), _word(values, "stderr", whole) or ""
    if status is None:
        give_up(f"{path} has no status", whole)
    refusal = said.strip() or f"it ended with status {status}"
    return Known("" if status == 0 else refusal, (whole,))


def _json(content: Fact[str | None], path: str, absent: str) -> tuple[dict[str, object], Evidence]:
    value = content.need()
    if value is None:
        give_up(f"{path} is missing: {absent}")
    whole = excerpt(path, value, JSON, 100_000)
    try:
        values = bounded_json(value)
    except ValueError as error:
        give_up(f"{path} is not JSON: {shown(str(error))}", whole)
    if not isinstance(values, dict):
        give_up(f"{path} is not a JSON object", whole)
    return values, whole


def _word(values: dict[str, object], key: str, whole: Evidence) -> str | None:
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        give_up(f"{whole.where}: {key} is not text: {shown(repr(value))}", whole)
    return None if value is None else encodable(value)


def _count(values: dict[str, object], key: str, whole: Evidence) -> int | None:
    value = values.get(key)
    if value is not None and (type(value) is not int or value < 0):
        give_up(f"{whole.where}: {key} is not a number: {shown(repr(value))}", whole)
    return value if isinstance(value, int) else None
