"""What to do about unread evidence, by the way in: never what was done already."""

import pytest

from tests.support.tree import DictTree
from vmfex.checks.model.fact import Fact, Unknown
from vmfex.checks.model.link import PfReply
from vmfex.evidence import fabric_remedy
from vmfex.evidence.host import ReadHost
from vmfex.evidence.parsers.links import refused
from vmfex.evidence.remedies import remedy_for, with_name
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.way_in import Kind, WayIn

PCI, LINKS, DOMAINS = "sys/bus/pci/devices", "netlink/links.bin", "libvirt/domains"
LOCAL = WayIn(Kind.LOCAL, "local", root=False)
SSH = WayIn(Kind.SSH, "ssh://admin@blade-7")
LIBVIRT = WayIn(Kind.LIBVIRT, "qemu+ssh://blade-7/system")
CAPTURE, SOS = WayIn(Kind.CAPTURE), WayIn(Kind.SOSREPORT)
RECORDING = WayIn()
DENIED = "permission denied reading /sys/bus/pci/devices"


def names_root(said: str) -> bool:
    return "root" in said


@pytest.mark.parametrize(
    ("way", "command"),
    [
        (LOCAL, "`sudo vmfex certify local`"),
        (SSH, "`vmfex certify ssh://root@blade-7`"),
        (CAPTURE, "`vmfex capture-script`"),
        (RECORDING, "`vmfex record local blade-7.tar.gz`"),
    ],
)
def test_what_only_root_may_read(way: WayIn, command: str) -> None:
    """Whoever was not root is told how to be, in the way in that was used."""
    said = remedy_for(PCI, DENIED, way, "blade-7")
    assert command in said
    assert names_root(said)


@pytest.mark.parametrize("kind", [Kind.LOCAL, Kind.SSH, Kind.CAPTURE])
def test_root_is_not_told_to_be_root(kind: Kind) -> None:
    """Where root itself was refused, something else is in the way."""
    said = remedy_for(PCI, DENIED, WayIn(kind, "ssh://root@blade-7", root=True), "blade-7")
    assert "Root itself was refused" in said
    assert "sudo" not in said
    assert "vmfex certify" not in said


@pytest.mark.parametrize("path", [PCI, LINKS, "etc/redhat-release"])
def test_what_libvirt_does_not_tell(path: str) -> None:
    """By libvirt alone: the way in that reads files; what libvirt has itself is asked of it."""
    said = remedy_for(path, "libvirt does not report it", LIBVIRT, "blade-7")
    assert "`vmfex certify ssh://blade-7`" in said
    assert "ssh://" not in remedy_for(DOMAINS, "it gave no list", LIBVIRT, "blade-7")


def test_libvirt_that_lets_nobody_in() -> None:
    """A user without the right is told of the group, and how to try it at that URI."""
    said = remedy_for(DOMAINS, "authentication unavailable", LIBVIRT, "blade-7")
    assert "group libvirt" in said
    assert "virsh -c qemu+ssh://blade-7/system" in said


def test_ssh_is_not_suggested_over_ssh() -> None:
    """What was read over SSH and is not as it should be is looked at on the host."""
    said = remedy_for(LINKS, "netlink/links.bin is cut off", SSH, "blade-7")
    assert "ssh://" not in said
    assert "`ip -d link show`" in said


@pytest.mark.parametrize("way", [RECORDING, CAPTURE])
def test_a_damaged_file_is_copied_anew(way: WayIn) -> None:
    """The host is well; its file is not."""
    said = remedy_for(PCI, "/sys/x is not what was recorded: it is shorter", way, "blade-7")
    assert said.startswith(f"Copy {way.kind} of blade-7 anew")


def test_a_container_is_not_the_host() -> None:
    """Where /sys is not mounted."""
    assert "not in a container" in remedy_for(PCI, "/sys is not mounted here", LOCAL, "blade-7")


def test_a_host_that_was_not_reached() -> None:
    """Whatever else is wrong, the login comes first: ssh's refusal is not a file's."""
    tree = UnreadTree(
        "blade-7",
        "no login was accepted (Permission denied)",
        way=WayIn(Kind.LOST, "ssh://blade-7"),
    )
    fact = ReadHost(tree).release
    assert isinstance(fact, Unknown)
    assert fact.remedy.startswith("`ssh ssh://blade-7 true` from here")


def test_a_source_without_the_name() -> None:
    """What a sosreport lacks is read from the host itself, by its name."""
    said = "Or read the host itself: ssh://HOST, or the capture script, which root should run."
    assert "ssh://blade-7, or the capture script" in with_name(said, "blade-7")


def test_names_are_no_commands() -> None:
    """A host may call itself what it likes: a shell that gets the line takes it for a word."""
    said = remedy_for(PCI, DENIED, SSH, "x; rm -rf $HOME\x1b[2J")
    assert "'x; rm -rf $HOME\\x1b[2J'" in said


def test_the_answer_that_is_too_long_stays_one() -> None:
    """SRV-03 knows a refusal of the kernel by its class, which a remedy must not take away."""
    tree = DictTree({})
    host = ReadHost(tree)
    told: Fact[PfReply] = host.advised("netlink/pf/eth0.bin", refused(Unknown("EMSGSIZE")))
    assert type(told) is type(refused(Unknown("EMSGSIZE")))
    assert isinstance(told, Unknown)
    assert "fewer VFs" in told.remedy


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ssh://blade-7", "ssh://blade-7"),
        ("ssh://root@blade-7:2222/", "ssh://root@blade-7:2222"),
        ("ssh://root@[fe80::1]", "ssh://root@[fe80::1]"),
    ],
)
def test_an_address_as_it_is_written(text: str, address: str) -> None:
    """So that the user can type it again."""
    assert SshAddress.parse(text).text == address


def test_ucs_manager_that_nobody_asked() -> None:
    """The whole command where the host is no file; its name where it is."""
    assert "`vmfex certify local --ucsm https://ADDRESS`" in fabric_remedy.ask(LOCAL, "blade-7")
    assert fabric_remedy.ask(SOS, "blade-7").startswith("Certify blade-7 with `--ucsm")


@pytest.mark.parametrize(
    ("said", "help_"),
    [
        ("gave no answer within 10 s", "`curl -k https://ucs.example/nuova`"),
        ("cannot be reached: No route to host", "`curl -k https://ucs.example/nuova`"),
        ("answered with HTTP status 404", "the address after `--ucsm`"),
        ("answered with a web page instead of XML", "the address after `--ucsm`"),
        ("has a certificate that is not trusted: self-signed", "`--ucsm-ca FILE`"),
        ("offers no TLS that this machine accepts: handshake failed", "`--ucsm-insecure`"),
        ("refused: Authentication failed (error 551)", "the user and the password"),
        ("refused: no privilege (error 103)", "read-only"),
        ("refused: Authorization required (error 552)", "run again"),
        ("refused: user reached the session limit (error 572)", "End sessions"),
        ("refused: no class named biosVfX (error 170)", "older than what was asked for"),
        ("gave an answer of more than 64 MiB: it is not read", "find out who answers"),
        ("stood on its head", "`curl -k https://ucs.example/nuova`"),
    ],
)
def test_ucs_manager_that_was_asked(said: str, help_: str) -> None:
    """How it failed says what to look at; to ask it is not suggested again as if nobody had."""
    mended = fabric_remedy.mend(f"UCS Manager at ucs.example {said}")
    assert help_ in mended
    assert "--ucsm https://" not in mended
