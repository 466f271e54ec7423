"""Addresses of hosts over SSH, and what is none."""

import pytest

from tests.support.opened import opened
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.evidence.sources.ssh import ssh_command
from vmfex.evidence.sources.ssh_address import SshAddress


@pytest.mark.parametrize(
    "address",
    [
        "ssh://-oProxyCommand=touch${IFS}pwned",
        "ssh://-l",
        "ssh://a b",
        "ssh://a;reboot",
        "ssh://$(reboot)",
        "ssh://`reboot`",
        "ssh://a'b",
        "ssh://a\nb",
        "ssh://a\x1b[2Jb",
        "ssh://../../etc",
        "ssh://blade-7/etc/passwd",
        "ssh://blade-7?x",
        "ssh://",
        "ssh://@blade-7",
        "ssh://-v@blade-7",
        "ssh://$(id)@blade-7",
        "ssh://blade-7:0",
        "ssh://blade-7:65536",
        "ssh://blade-7:-1",
        "ssh://blade-7:22:22",
        "ssh://[::1",
    ],
)
def test_what_is_no_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused in one line, before anything is run."""
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("something was run"))
    with pytest.raises(RecordingError) as error:
        opened(address)
    assert str(error.value).isprintable()


def test_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(RecordingError) as error:
        opened("ssh://root:Secret1@blade-7")
    assert "seen by everybody" in str(error.value)
    assert "Secret1" not in str(error.value)
    with pytest.raises(RecordingError) as error:
        opened("ssh://root:Secret1@blade 7")
    assert "Secret1" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ssh://blade-7", ["--", "blade-7"]),
        ("ssh://Blade_7.example", ["--", "Blade_7.example"]),
        ("ssh://root@blade-7:2222/", ["-p", "2222", "-l", "root", "--", "blade-7"]),
        ("ssh://[fe80::1%eth0]:22", ["-p", "22", "--", "fe80::1%eth0"]),
    ],
)
def test_what_is_an_address(address: str, words: list[str]) -> None:
    """Letters keep their case: the configuration may tell them apart."""
    assert ssh_command(SshAddress.parse(address))[-len(words) - 1 : -1] == words
