"""Captures that lie, and captures that somebody made to do harm."""

import tarfile
from collections.abc import Mapping

import pytest

from tests.support.captured import BEGIN, tar, tree_of
from vmfex.checks.model.fact import Known, Unknown
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.captured import read_capture
from vmfex.evidence.sources.recorded import RecordingError

LIES: dict[str, tuple[Mapping[str, bytes | str], str]] = {
    "absent, and there": (
        {"etc/a": b"x", "capture/manifest": b"absent\tetc/a\t0\t0\t/etc/a\t-\n"},
        "etc/a",
    ),
    "failed, and there": (
        {"etc/a": b"x", "capture/manifest": b"failed\tetc/a\t1\t0\tcat\t-\n"},
        "etc/a",
    ),
    "read, and not there": ({"capture/manifest": b"command\tetc/a\t0\t0\tcat\t\n"}, "etc/a"),
    "there, and not listed": (
        {"sys/a/b": b"x", "capture/names/x": b"sys/a\tc\n", "capture/manifest": b""},
        "sys/a",
    ),
    "listed in two ways": (
        {"capture/names/x": b"sys/a\tc\nsys/a\td\n", "capture/manifest": b""},
        "sys/a",
    ),
    "listed twice": ({"capture/names/x": b"sys/a\tc\tc\n", "capture/manifest": b""}, "sys/a"),
    "a file that lists": (
        {"sys/a": b"x", "capture/names/x": b"sys/a\tc\n", "capture/manifest": b""},
        "sys/a",
    ),
    "absent, and listed": (
        {
            "capture/names/x": b"sys/a\tc\n",
            "capture/manifest": b"absent\tsys/a/c\t0\t0\t-\t-\n",
        },
        "sys/a/c",
    ),
    "absent, and above what is there": (
        {"sys/a/b": b"x", "capture/manifest": b"absent\tsys/a\t0\t0\t-\t-\n"},
        "sys/a/b",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_makes_nothing_known(lie: str) -> None:
    """What manifest, listings and files do not agree on is unknown, in every question."""
    files, path = LIES[lie]
    tree = tree_of(files)
    for ask in (tree.read, tree.names, tree.link, tree.exists):
        assert isinstance(ask(path), Unknown), f"{ask.__name__} of {lie}"


HOSTILE_NAMES = ("/etc/passwd", "../x", "sys/../../x", "a//b", "./../x")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(RecordingError):
        read_capture(tar({"capture/begin": BEGIN, name: b"x"}))


def test_names_in_documents_go_nowhere() -> None:
    """A listing or a manifest may name anything: it is only ever compared."""
    rows = b"absent\t../../etc/shadow\t0\t0\t-\t-\nabsent\t/etc/passwd\t0\t0\t-\t-\nrubbish\n"
    listing = b"../..\tx\nsys/a\t..\t.\t../b\n"
    tree = tree_of({"capture/names/x": listing, "capture/manifest": rows})
    assert isinstance(tree.read("../../etc/shadow"), Unknown)
    assert tree.exists("sys/a/c") == Known(False)
    assert isinstance(tree.read("sys/a/.."), Unknown)


def test_links_out_stay_inside() -> None:
    tree = tree_of({"etc/os-release": "../../../../etc/passwd", "etc/abs": "/etc/passwd"})
    assert isinstance(tree.read("etc/os-release"), Unknown)
    assert isinstance(tree.read("etc/abs"), Unknown)


def test_devices_are_left_out() -> None:
    device = tarfile.TarInfo("dev/kvm")
    device.type = tarfile.CHRTYPE
    tree = read_capture(tar({"capture/begin": BEGIN}, device))
    assert isinstance(tree.exists("dev/kvm"), Unknown)


def test_duplicates_are_refused() -> None:
    again = tarfile.TarInfo("capture/begin")
    with pytest.raises(RecordingError, match="twice"):
        read_capture(tar({"capture/begin": BEGIN}, again))


def test_odd_bytes_everywhere() -> None:
    """Documents that are no text, and names of hosts that are no line."""
    begin = b"format 1\nhost \x1b[31m<b>\xff\x00\n"
    tree = read_capture(
        tar({"capture/begin": begin, "capture/names/x": bytes(range(256)), "ip/link.txt": b"\xff"})
    )
    assert tree.name.isprintable()
    assert isinstance(ReadHost(tree).links, Unknown)
