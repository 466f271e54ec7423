"""The kernel package's changelog: what it has to have before it tells anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tree import DictTree
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import KernelChangelog
from vmfex.evidence.parsers.kernel import kernel
from vmfex.evidence.parsers.kernel_changelog import changelog

RHEL_9 = "Linux b 5.14.0-427.26.1.el9_4.x86_64 #1 SMP Fri Jul 12 10:00:00 EDT 2024 x86_64\n"
DEBIAN = "Linux b 6.1.0-40-amd64 #1 SMP Debian 6.1.176-1 (2026-02-01) x86_64\n"
FIX = "- enic: Validate length of nl attributes in enic_set_vf_port (B) [RHEL-1] {CVE-2024-38659}"
RPM = f"""\
* Thu Jul 11 2024 A Maintainer <a@example.com> [5.14.0-427.26.1.el9_4]
{FIX}
- scenic: unrelated

* Tue Feb 06 2024 A Maintainer <a@example.com> [5.14.0-420.el9]
- net: something else

"""
DEB = """\
linux (6.1.176-1) bookworm; urgency=medium

  * New upstream stable update

 -- A Maintainer <a@example.org>  Sun, 01 Feb 2026 10:00:00 +0100

linux (6.1.4-1) unstable; urgency=medium

  * net: something

 -- A Maintainer <a@example.org>  Sat, 07 Jan 2023 10:00:00 +0100
"""


def read(uname: str, text: str) -> Fact[KernelChangelog]:
    tree = DictTree({"uname": uname, "kernel-changelog": text})
    return changelog(tree, kernel(tree))


def test_whole_text_with_short_evidence() -> None:
    """The fact is the whole text and how far back it goes; the evidence is the lines that count."""
    fact = read(RHEL_9, RPM)
    assert isinstance(fact, Known)
    assert fact.value == KernelChangelog(RPM, (2024, 2))
    assert fact.evidence[0].raw == FIX


def test_debians_form() -> None:
    """An absence is shown as one, with how much was looked through."""
    fact = read(DEBIAN, DEB)
    assert isinstance(fact, Known)
    assert fact.value.oldest == (2023, 1)
    assert fact.evidence[0].raw == "(none of its 11 lines names enic)"


def test_centos_writes_the_version_behind_a_dash() -> None:
    """As CentOS did for RHEL's kernels."""
    assert isinstance(
        read(RHEL_9, RPM.replace("[5.14.0-427.26.1.el9_4]", "- 5.14.0-500.el9")), Known
    )


@pytest.mark.parametrize(
    ("uname", "text"),
    [
        pytest.param(RHEL_9, " \n", id="empty"),
        pytest.param(RHEL_9, "- net: a\n- net: b\n", id="no date"),
        pytest.param(RHEL_9, RPM.rstrip(), id="half a line"),
        pytest.param(RHEL_9, RPM[RPM.index("* Tue") :], id="older than the kernel"),
        pytest.param(RHEL_9, RPM.replace("5.14.0-427", "4.18.0-553"), id="another kernel's"),
        pytest.param(RHEL_9, "* Sun Jun 30 2024 A <a@b>\n- x\n", id="no version, older"),
        pytest.param(DEBIAN, DEB[DEB.index("linux (6.1.4") :], id="Debian's, older"),
        pytest.param(DEBIAN, DEB[: DEB.rindex(" --")], id="Debian's, without its last date"),
        pytest.param("", RPM, id="no kernel to hold it against"),
    ],
)
def test_what_tells_nothing(uname: str, text: str) -> None:
    """Empty, undated, cut off, older than the kernel, or another kernel's."""
    assert isinstance(read(uname, text), Unknown)


def test_dates_do_where_no_heading_has_a_version() -> None:
    """The newest entry is of the month of the build, or later."""
    assert isinstance(read(RHEL_9, "* Mon Jul 01 2024 A <a@b>\n- x\n"), Known)


def test_no_changelog_is_unknown() -> None:
    """Nobody asked for it."""
    tree = DictTree({"uname": RHEL_9})
    assert isinstance(changelog(tree, kernel(tree)), Unknown)


@given(st.text(alphabet="* -linux()[]Jul 0123456789.;,<>\n"))
def test_never_raises(text: str) -> None:
    """Whatever stands there, the answer is a fact."""
    assert isinstance(read(RHEL_9, text), Known | Unknown)
