"""libvirt URIs: by every way in the same check, in libvirt's own reading of them."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.construct import construct
from tests.support.construct.hosts import REFERENCE
from tests.support.sessions import certify, command
from vmfex.engine.request import Sources
from vmfex.errors import UsageError
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.libvirt_connection import _asking_nobody
from vmfex.evidence.sources.libvirt_uri import LibvirtUri, weaknesses

EVIL = "/tmp/evil.sh"
RUN_A_PROGRAM = [
    f"qemu+ssh://h/system?command={EVIL}",
    f"qemu+ssh://h/system?COMMAND={EVIL}",
    f"qemu+ssh://h/system?no_tty=1;command={EVIL}",
    f"qemu+ssh://h/system?no_tty=1&;Command={EVIL}",
    f"qemu+ssh://h/system?c%6fmm%61nd={EVIL}",
    f"qemu+ssh://h?command={EVIL}",
    f"qemu+ssh:///system?command={EVIL}",
    f"qemu+libssh2://h/system?netcat={EVIL}",
    f"qemu+ext://h/system?command={EVIL}",
    f"qemu+EXT://h/system?command={EVIL}",
    f"QEMU+ext:///system?command={EVIL}",
    f"xen+ssh://h/?command={EVIL}",
    f"xen+ext:///?command={EVIL}",
    f"remote+ext:///?command={EVIL}",
    f"remote+ssh://h/?command={EVIL}",
]
SAY_TOO_MUCH = [
    "qemu+ssh://h/system?name=qemu:///session",
    "qemu+ssh://h/system?name=qemu%2bext:///system",
    "qemu:///system?authfile=/etc/shadow",
    "qemu+tls://h/system?tls_priority=NONE:%2bNULL",
    "qemu+tls://h/system?pkipath=../pki",
    "qemu+ssh://h/system?keyfile=-oProxyCommand=x",
    "qemu+ssh://h/system?keyfile=/k%20-oProxyCommand=x",
    "qemu:///system?socket=/s%3btouch%20hit",
    "qemu+ssh://h/system?socket=/s'%24(id)'",
    "qemu+libssh://h/system?sshauth=password",
    "qemu+ssh://h/system?no_verify",
    "qemu+ssh://h/system?no_verify=yes",
    "qemu+ssh://h/system?mode=direct&MODE=legacy",
    "qemu+ssh://h/system?=x",
    "qemu+ssh://h/system?whatever=1",
    "qemu+ssh://h/system#?command=/x",
    "qemu+ssh://h/system?mode=direct#no_tty=0",
    "qemu+ssh://h/sys%74em",
    "qemu+ssh://%2doProxyCommand=x/system",
    "qemu+ssh://a%3btouch/system",
    "qemu+ssh://u%20-oProxyCommand=x@h/system",
    "qemu+ssh://a@b@h/system",
    "qemu+ssh://[h]/system",
    "qemu",
    "",
    "-",
]


@pytest.mark.parametrize("uri", [*RUN_A_PROGRAM, *SAY_TOO_MUCH])
def test_refused_by_every_way_in(uri: str) -> None:
    """As a host and as the libvirt of one, with a sentence on one line."""
    with pytest.raises(UsageError) as error:
        Sources(uri)
    assert str(error.value).startswith("--libvirt-uri: ")
    assert str(error.value).isprintable()
    with pytest.raises(RecordingError) as as_host:
        parse_host(uri)
    assert str(as_host.value).isprintable()


@pytest.mark.parametrize("uri", [RUN_A_PROGRAM[1], RUN_A_PROGRAM[2], RUN_A_PROGRAM[8]])
@pytest.mark.parametrize("words", [["certify", "--", "{}"], ["certify", "--libvirt-uri={}"]])
def test_nothing_is_run(uri: str, words: list[str], tmp_path: Path) -> None:
    """The real library is not even asked, and it is wrong usage."""
    evil, hit = tmp_path / "evil.sh", tmp_path / "hit"
    evil.write_text(f"#!/bin/sh\ntouch {hit}\n")
    evil.chmod(0o755)
    given_ = [word.format(uri.replace(EVIL, str(evil))) for word in words]
    done = command(*given_, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1
    assert not hit.exists()
    assert not (tmp_path / "certification").exists()


@pytest.mark.parametrize(
    "uri",
    [
        "qemu:///system",
        "qemu:///session",
        "qemu+unix:///system?socket=/run/libvirt/libvirt-sock-ro",
        "qemu+ssh://root@h/system?no_tty=1;KEYFILE=/root/.ssh/id_ed25519&proxy=native",
        "qemu+libssh://h:2222/system?known_hosts=/root/.ssh/known_hosts&known_hosts_verify=normal",
        "qemu+libssh2://h/system?sshauth=agent,privkey",
        "qemu+tls://[2001:db8::1]/system?pkipath=/etc/pki/x%2dy",
        "test:///default",
    ],
)
def test_accepted(uri: str) -> None:
    """What says how a libvirt is reached, and nothing else."""
    assert LibvirtUri.parse(uri).text == uri
    assert Sources(uri).libvirt_uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "qemu+ssh://root:{}@h/system",
        "qemu+ssh://:{}@h/system",
        "xen+ssh://root:{}@h/system",
        "qemu+ext://root:{}@h/system",
        "http://root:{}@h/system",
        "qemu+ssh://root:a/{}@h/system",
        "qemu+ssh://root:{}@h:x/system",
        "qemu+ssh://root:\u2100{}@h/system",
        "qemu+ssh://root:{} @h/system",
        "qemu+ssh://h/system?password={}",
        "ssh://root:a/{}@h",
        "ssh://root:{}@h:x",
        "root:{}@h",
        "root:{}@h:/etc",
    ],
)
def test_a_password_is_refused_and_never_repeated(uri: str) -> None:
    """Wherever in an address it stands, and whatever else is wrong with it."""
    with pytest.raises(RecordingError) as as_host:
        parse_host(uri.format("S3cretOne"))
    with pytest.raises(UsageError) as as_option:
        Sources(uri.format("S3cretOne"))
    assert "S3cret" not in f"{as_host.value}{as_option.value}"


@pytest.mark.parametrize("host", ["-x", "--libvirt-uri=qemu+ssh://h/system?command=/x", "-", "--"])
def test_host_that_looks_like_an_option(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No host's name begins like that, also where a file has it."""
    (tmp_path / host.replace("/", "_")).touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordingError, match="no host's name begins with `-`"):
        parse_host(host)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("qemu+tls://h/system?no_verify=1", "was not verified (no_verify)"),
        ("qemu+ssh://h/system?NO_VERIFY=1", "was not verified (no_verify)"),
        ("qemu+ssh://h/system?no_tty=1;no%5fverify=7", "was not verified (no_verify)"),
        ("qemu+tls://h/system?no_sanity=1", "(no_sanity)"),
        ("qemu+libssh://h/system?known_hosts_verify=ignore", "(known_hosts_verify=ignore)"),
        ("qemu+libssh2://h/system?known_hosts_verify=auto", "(known_hosts_verify=auto)"),
        ("qemu+tcp://h/system", "neither encrypted nor verified (qemu+tcp)"),
    ],
)
def test_what_is_not_verified_stands_in_every_report(uri: str, said: str, tmp_path: Path) -> None:
    """As loudly as --ucsm-insecure: also where a recording was made by that connection."""
    raw = construct(REFERENCE)
    raw.edit("libvirt/connection.json", "qemu:///system", uri)
    raw.write(tmp_path / "host")
    run = certify(tmp_path / "out", tmp_path / "host", rules=["HST-05"])
    [note] = [note for note in run.record["notes"] if "libvirt at" in note]
    assert said in note
    assert note.startswith(f"libvirt at {uri.partition('?')[0]}: ")
    for text in (
        run.stdout.splitlines()[-1],
        (run.out / "junit.xml").read_text(),
        (run.out / "allure-results/environment.properties").read_text(),
    ):
        assert said.partition("(")[0] in text


@pytest.mark.parametrize(
    "uri",
    [
        "qemu:///system",
        "qemu+tls://h/system",
        "qemu+tls://h/system?no_verify=0",
        "qemu+libssh://h/system?known_hosts_verify=normal",
    ],
)
def test_what_is_verified_needs_no_note(uri: str) -> None:
    assert weaknesses(uri) == ()


_NAMES = st.sampled_from(["command", "netcat", "COMMAND", "c%6Fmmand", "no_tty", "mode", "x", ""])
_PAIRS = st.builds("{}={}".format, _NAMES, st.sampled_from(["1", "/x", "auto", "a=b", ""]))


@given(st.lists(_PAIRS, max_size=4), st.sampled_from("&;"), st.text(max_size=5))
def test_no_query_runs_a_program(pairs: list[str], separator: str, more: str) -> None:
    """However it is put together: what is accepted has neither of the two in it."""
    uri = f"qemu+ssh://h/system?{separator.join([*pairs, more])}"
    with suppress(RecordingError):
        told = LibvirtUri.parse(uri).text.casefold()
        assert not any(name in told for name in ("command", "netcat", "c%6fmmand"))


def test_separators_are_those_that_libvirt_splits_at() -> None:
    """It splits at `;` only where no `&` follows, and one follows with `no_tty=1`."""
    uri = "qemu+ssh://h/system?proxy=native;no_tty=0"
    assert _asking_nobody(uri) == "qemu+ssh://h/system?proxy=native&no_tty=0&no_tty=1"
