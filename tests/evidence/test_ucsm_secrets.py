"""The password for UCS Manager: nobody but UCS Manager is told it, and nothing shows it."""

import stat
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sessions import command
from tests.support.ucsm import faults
from tests.support.ucsm.asking import environment, manager, reasons
from tests.support.ucsm.domain import load
from tests.support.ucsm.run import running
from tests.support.ucsm.server import PASSWORD
from vmfex.evidence.sources.ucsm.answers import take_apart
from vmfex.evidence.sources.ucsm.channel import Trouble, refuse_foreign
from vmfex.evidence.sources.ucsm.credentials import Credentials

FABRIC = load("6332-release-3.1")
SECRET = "S3cr&t<'\"\\\u00fc word"
ECHOES = {
    "an error": '<x errorCode="551" errorDescr="{long} {xml} is wrong"/>',
    "an error with the password as its code": '<x errorCode="{xml}" errorDescr="no"/>',
    "an error in other escapes": '<x errorCode="551" errorDescr="{numbers}"/>',
    "XML that is not well-formed": "<x><{plain}></x>",
    "a class that nobody asked for": "<configResolveClasses><outConfigs><{plain}/></outConfigs>"
    "</configResolveClasses>",
    "another element": "<{plain}/>",
}


def echo(kind: str, secret: str) -> bytes:
    """An answer that has the secret in it."""
    in_xml = escape(secret, {'"': "&quot;", "'": "&apos;"})
    numbers = "".join(f"&#{ord(character)};" for character in secret)
    answer = ECHOES[kind].format(long="x" * 190, xml=in_xml, numbers=numbers, plain=secret)
    return answer.encode()


@pytest.mark.parametrize("method", ["configResolveClasses", "aaaLogout"])
@pytest.mark.parametrize("kind", ECHOES)
def test_server_that_says_it_back(kind: str, method: str, tmp_path: Path) -> None:
    """In whatever form, in whatever answer: no reason and no note has it."""
    with running(FABRIC) as server:
        server.faults[method, 0] = faults.instead(echo(kind, PASSWORD))
        asked = manager(server, tmp_path)
        told = [*reasons(asked).values(), str(asked.read("ucsm/connection.json"))]
        server.sessions.clear()  # its logout was not heard
    assert told
    assert not [text for text in told if PASSWORD[:5] in text]


@pytest.mark.parametrize("kind", list(ECHOES)[:2])
def test_server_that_says_it_back_at_the_login(kind: str, tmp_path: Path) -> None:
    """A password of all characters that XML or Python writes in another way."""
    with running(FABRIC) as server:
        server.faults["aaaLogin", 0] = faults.instead(echo(kind, SECRET))
        told = reasons(manager(server, tmp_path, password=SECRET)).values()
    assert told
    assert not [text for text in told if SECRET[:4] in text]


@pytest.mark.parametrize(
    "form",
    [
        *("a%2Fb%20%26%C3%BC%3D9", "a%2fb%20%26%c3%bc%3d9", "a%2Fb+%26%C3%BC%3D9", "YS9iICbDvD05"),
        *("YWRtaW46YS9iICbDvD05", "a/b \\u0026\u00fc=9".replace("\\u0026", "&"), "a/b &\\u00fc=9"),
    ],
)
def test_no_encoding_of_it_is_shown(form: str) -> None:
    """As a URL, a form, base64 (alone and with the user, as in a header) and JSON have it."""
    masked = Credentials("admin", "a/b &\u00fc=9").mask(f"<{form}>")
    assert masked in ("<(the password)>", "<(the password)=>")


def test_a_short_password_is_masked_once() -> None:
    """What stands in its place is not looked at again."""
    assert Credentials("admin", "s").mask("as it is") == "a(the password) it i(the password)"


@given(st.text(min_size=1), st.text(), st.text())
def test_no_text_shows_it(secret: str, before: str, after: str) -> None:
    masked = Credentials("x", secret).mask(f"{before}{secret}{after}")
    assert secret not in masked.replace("(the password)", "\0") or secret in "\0"


@pytest.mark.parametrize("with_ucsm", [False, True])
def test_no_program_has_it(with_ucsm: bool, tmp_path: Path) -> None:
    """An `ssh` that shows its environment, with UCS Manager asked and without."""
    tools = tmp_path / "bin"
    tools.mkdir()
    ssh = tools / "ssh"
    ssh.write_text(f"#!/bin/sh\nenv >{tmp_path}/environment\n")
    ssh.chmod(ssh.stat().st_mode | stat.S_IXUSR)
    more = ["--ucsm=https://127.0.0.1:1"] if with_ucsm else []
    path = f"{tools}:/usr/bin:/bin"
    command(
        *("certify", "ssh://blade-7", *more),
        cwd=tmp_path,
        environment={**environment("S3cretWord"), "PATH": path},
    )
    assert "PATH=" in (tmp_path / "environment").read_text()
    assert "VMFEX_UCSM" not in (tmp_path / "environment").read_text()


def test_without_the_command_no_program_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Python the environment is the caller's, and stays as it is."""
    from vmfex import certify

    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\nenv >{tmp_path}/environment\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name, value in environment("S3cretWord").items():
        monkeypatch.setenv(name, value)
    certify("ssh://blade-7", rules=["HST-01"])
    assert "VMFEX_UCSM" not in (tmp_path / "environment").read_text()


BOMB = '<!DOCTYPE x [<!ENTITY a "b">]><configResolveClasses><outConfigs/></configResolveClasses>'


@pytest.mark.parametrize(
    "raw",
    [
        f'<?xml version="1.0" encoding="UTF-7"?>{BOMB}'.replace("<!", "+ADwAIQ-").encode(),
        f"<?xml version='1.0'\n encoding = 'utf-7' ?>{BOMB}".replace("<!", "+ADwAIQ-").encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-16LE"?>{BOMB}'.encode("utf-16-le"),
        BOMB.encode("utf-16-be"),
        BOMB.encode("utf-32"),
        f'<?xml version="1.0" encoding="IBM037"?>{BOMB}'.encode("cp037"),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{BOMB}'.replace("<!D", "<D").encode(),
        f'<?xml version="1.0" {" " * 300} encoding="UTF-7"?>{BOMB}'.replace(
            "<!", "+ADwAIQ-"
        ).encode(),
    ],
)
def test_no_encoding_hides_a_document_type(raw: bytes) -> None:
    """What is not UTF-8 is refused or read as UTF-8, before anything is looked for in it."""
    with pytest.raises(Trouble) as trouble:
        take_apart(raw, {})
    assert str(trouble.value).isprintable()


def test_honest_answers_are_read() -> None:
    raw = b'<?xml version="1.0" encoding="utf-8"?><configResolveClasses/>'
    assert refuse_foreign(raw) == raw
