"""No text of a host steers who reads it: CI runners, terminals, and people who click."""

import re
import unicodedata
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.browser import visit
from tests.support.construct import RawTree, construct
from tests.support.construct.hosts import REFERENCE
from tests.support.sessions import certify, command, plain
from vmfex.checks.text import harmless, no_link, one_line

# GitHub: a line that begins so, blanks before it aside (ActionCommand.cs); Azure: anywhere in a
# line (Command.cs); TeamCity: a service message.
COMMANDS = re.compile(r"^\s*::[A-Za-z][^\n]*::|##\[|##vso\[|##teamcity\[", re.MULTILINE | re.I)
# Letters and marks of which nothing is to be seen (Unicode's Default_Ignorable_Code_Point).
UNSEEN = {*"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2800\u3164\ufe00\ufe0f\uffa0\U000e0100"}
PLANTED = (
    "x\n::error::taken\n  ::set-env name=PATH::/evil ::stop-commands::x "
    "##vso[task.setvariable variable=x]y ##[error]z ##teamcity[buildStatus status='SUCCESS'] "
    "http://evil.example/a www.evil.example mailto:x@evil.example "
    "\u202eesrever\u202c \u200b\u2066 \x9b31m web\u034f\u3164\ufe0f\u2800\U000e010001"
)


def planted() -> RawTree:
    """The reference host with the text for names of VMs, profiles and networks, in what UCS Manager
    says, and in files."""
    raw = construct(REFERENCE)
    in_xml = escape(PLANTED).replace("\n", "&#10;")
    for path, content in list(raw.files.items()):
        text = content.decode("utf-8", "surrogateescape")
        if path.startswith("libvirt/domains/"):
            text = text.replace("<name>", f"<name>{in_xml}", 1)
            text = re.sub(
                r"profileid='[^']*'", f"profileid='{in_xml.replace(chr(39), '&apos;')}'", text
            )
        elif path.startswith("libvirt/networks/"):
            text = text.replace("<name>", f"<name>{in_xml}", 1)
        elif path.startswith("ucsm/vnicProfile"):
            text = re.sub(r' name="[^"]*"', f' name="{in_xml}"', text)
        elif path in ("etc/redhat-release", "etc/os-release"):
            text = f"{PLANTED}\n"
        elif path == "proc/cpuinfo":
            text = f"flags\t: {PLANTED}\n"
        raw.files[path] = text.encode("utf-8", "surrogateescape")
    return raw


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("steering") / "host"
    planted().write(folder)
    return folder


def refuse_commands(text: str) -> None:
    """Nothing that a runner obeys, a terminal obeys, or that hides in a line."""
    assert COMMANDS.findall(text) == []
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert odd <= {"\n"}
    assert not {*text} & UNSEEN
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_terminal_and_reports(host: Path, tmp_path: Path) -> None:
    """What the command prints, in every form; and that the text was there to be printed."""
    done = command("certify", str(host), "--out=out", "--verbose", cwd=tmp_path)
    assert done.returncode in (1, 6), done.stderr
    assert "error::taken" in done.stdout
    refuse_commands(done.stdout + done.stderr)
    for format_ in ("text", "junit", "json"):
        shown = command("report", format_, "out", cwd=tmp_path).stdout
        assert shown
        refuse_commands(shown)
    for file in (tmp_path / "out/allure-results").glob("*-result.json"):
        assert not re.search(r"https?://\S|www\.\S|mailto:\S", file.read_text())


def test_by_pytest(host: Path, tmp_path: Path) -> None:
    run = plain(tmp_path / "out", host)
    assert "error::taken" in run.stdout
    refuse_commands(run.stdout)


def test_several_hosts(host: Path, tmp_path: Path) -> None:
    done = command("certify", str(host), "reference", "--out=out", "--verbose", cwd=tmp_path)
    refuse_commands(done.stdout + done.stderr)


def test_page_has_no_link_of_the_host(host: Path, tmp_path: Path) -> None:
    """In a browser: nothing to click leads to where the host says."""
    run = certify(tmp_path / "out", host, html=True)
    results = [r for r in run.results if "evil" in str(r)]
    assert results
    for result in results[:2]:
        dom = visit(run.out / "report.html", str(result.get("uuid", ""))).dom
        assert 'href="http://evil' not in dom
        assert 'href="https://www.evil' not in dom


@given(st.text(), st.text())
def test_any_text(before: str, after: str) -> None:
    """Whatever stands around it, and wherever a line is broken."""
    for command_ in ("::error::", "::set-output name=x::", "##vso[x]", "##[error]", "##TeamCity["):
        text = f"{before} {command_}{after}"
        for word in re.split(r"[ \n]", harmless(text)):
            refuse_commands(word if word.startswith("#") else word.replace("\n", ""))
        assert not COMMANDS.search(one_line(text).replace(" ", "\n"))
        assert not re.search(r"(?i)(https?://|www\.)\S", no_link(f"{text} http://x www.x"))


@pytest.mark.parametrize(
    "honest",
    ["fe80::1 and fe80::2", "::1", "a::b::c", "UCS Manager at https://ucs", "# note", "PCI::x"],
)
def test_honest_text_stays(honest: str) -> None:
    assert harmless(honest) == honest


@pytest.mark.parametrize("character", sorted(UNSEEN), ids=ascii)
def test_no_name_hides_another(character: str) -> None:
    """`web01` with a letter in it that nobody sees is no `web01`."""
    assert one_line(f"web{character}01") == f"web{ascii(character)[1:-1]}01"
