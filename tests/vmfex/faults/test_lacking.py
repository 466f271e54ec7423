"""A machine that has no more: disk, descriptors, memory, somewhere to print. One sentence, a status
that says so, and no certificate of a run that did not come to its end."""

import json
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.support.faults import PAGE, but_refusals, limited, may_mount, no_certificate, run, whole
from tests.support.sessions import certify, certify_several, command_line, process_environment

DECIDED = (0, 1, 6)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder in which an earlier run came to its end."""
    certify(tmp_path / "out", rules=["VIC-01"])
    return tmp_path / "out"


# bytes that a file may have: Allure's first file does not fit, some fit, all but the record fit
@pytest.mark.parametrize("size", [0, 700, 30_000])
def test_files_that_cannot_be_written(out: Path, size: int) -> None:
    """As on a full disk: status 3, no record, and the earlier one where it belongs."""
    earlier = whole(out)
    done = run(out.parent, "certify", "reference", "--out=out", code=limited("RLIMIT_FSIZE", size))
    assert (done.returncode, done.stdout) == (3, "")
    first, second = done.stderr.splitlines()
    assert first == "vmfex: internal error: the reports cannot be written: File too large"
    assert second == "vmfex: the run did not finish: no record was written"
    assert no_certificate(out)
    assert whole(out / "previous") == earlier


@pytest.mark.parametrize("size", [0, 700, 30_000])
def test_each_verdict_is_shown_where_no_file_can_be_written(out: Path, size: int) -> None:
    """With several hosts the work is not lost with the disk: what was judged is said, and that it
    is not written."""
    earlier = whole(out)
    words = ("certify", "reference", "no-vic", "--out=out")
    done = run(out.parent, *words, code=limited("RLIMIT_FSIZE", size))
    assert done.returncode == 3
    lines = done.stdout.splitlines()
    assert lines[0].startswith("CERTIFIED  ")
    assert lines[1].startswith("NOT CERTIFIED  ")
    assert "the reports cannot be written: File too large" in done.stdout or size > 700
    assert "1 NOT CERTIFIED, 1 CERTIFIED" in lines[-1]
    if "none, for they could not be written" in lines[-1]:
        assert no_certificate(out)
        assert whole(out / "previous") == earlier


FULL = """
mount -t tmpfs -o size=3m vmfex out || exit 99
{vmfex} certify reference --rule VIC-01 -q --out=out || [ $? = 6 ] || exit 98
head -c {left} /dev/zero > out/room
cat /dev/zero > out/filler 2>/dev/null
rm out/room
{vmfex} certify {hosts} --out=out
status=$?
cp -a out/. kept && rm kept/filler
exit $status
"""


@pytest.mark.parametrize("left", [1, 50_000, 400_000])
@pytest.mark.parametrize("hosts", [("reference",), ("reference", "no-vic")])
def test_a_full_disk(tmp_path: Path, hosts: tuple[str, ...], left: int) -> None:
    """A file system with so many bytes left, where one may be mounted."""
    if not may_mount():
        pytest.skip("no file system may be mounted here; the limit of a file's size stands for it")
    (tmp_path / "out").mkdir()
    vmfex = tmp_path / "vmfex"
    line = command_line()
    vmfex.write_text(f'#!/bin/sh\nexec "{line[0]}" -P -c "{line[3].strip()}" "$@"\n')
    vmfex.chmod(0o755)
    script = FULL.format(vmfex="./vmfex", left=left, hosts=" ".join(hosts))
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=tmp_path,
        env=process_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode in (3, 4), (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    kept = tmp_path / "kept"
    said = done.stderr.splitlines()[-1]
    assert said.startswith("vmfex: ")
    if done.returncode == 4:  # not even the earlier run's files could be moved
        assert "No space left on device" in said
        assert whole(kept) or whole(kept / "previous")
    else:
        assert no_certificate(kept) or told_of_none(kept)
        assert whole(kept / "previous")
        assert len(hosts) == 1 or "1 NOT CERTIFIED, 1 CERTIFIED" in done.stdout


def told_of_none(out: Path) -> bool:
    """Whether a summary is there that certifies no host: the reports of each could not be written,
    and it says so."""
    hosts = json.loads((out / "summary.json").read_text())["hosts"]
    reason = "the reports cannot be written: No space left on device"
    told = {(h["decision"], h["exit_status"], h["directory"], h["reason"]) for h in hosts}
    page = (out / "certificate.html").read_text()
    assert "CERTIFIED</h1>" not in page.split("<h2", 1)[0]
    suites = ET.parse(out / "junit.xml").getroot()
    assert suites.get("errors") == suites.get("tests") == str(len(hosts))
    return told == {(None, 3, None, reason)} and not (out / "hosts").exists()


@pytest.mark.parametrize("count", [4, 6, 8, 16])
def test_few_descriptors(out: Path, count: int) -> None:
    """Status 3 or 4, or a verdict of what could be read: never a better one."""
    earlier = whole(out)
    code = limited("RLIMIT_NOFILE", count)
    done = run(out.parent, "certify", "reference", "--out=out", code=code)
    ended_soundly(out, earlier, done)


@pytest.mark.parametrize("megabytes", [0, 4, 16, 32])
def test_little_memory(out: Path, megabytes: int) -> None:
    """So much more than the interpreter has taken: the same. A library in C may die of it without a
    word: then nothing is certified either."""
    earlier = whole(out)
    size = f"int(open('/proc/self/statm').read().split()[0]) * 4096 + ({megabytes} << 20)"
    code = "import vmfex.__main__\n" + limited("RLIMIT_AS", size)
    done = run(out.parent, "certify", "reference", "--out=out", code=code)
    if done.returncode == -signal.SIGSEGV:
        done = subprocess.CompletedProcess(done.args, 3, done.stdout, "it died in a library")
    ended_soundly(out, earlier, done)


def ended_soundly(out: Path, earlier: str | None, done: subprocess.CompletedProcess[str]) -> None:
    """Either a whole run with its verdict, or none, with a sentence; the earlier one is there."""
    if done.returncode in DECIDED:
        assert whole(out) != earlier
        assert whole(out / "previous") == earlier
        return
    assert done.returncode in (3, 4), (done.returncode, done.stderr)
    assert done.stderr
    assert earlier in (whole(out), whole(out / "previous") if (out / "previous").exists() else "")
    assert whole(out) in (earlier, None) or done.stdout


def test_output_that_is_closed(out: Path) -> None:
    """Usage, before anything is touched."""
    earlier = whole(out)
    done = run(out.parent, "certify", "no-vic", "--out=out", before=["sh", "-c", '"$@" >&-', "sh"])
    assert done.returncode == 4
    assert done.stderr == "vmfex: standard output is closed: give it a file, or /dev/null\n"
    assert whole(out) == earlier


@pytest.mark.parametrize("hosts", [("no-vic",), ("no-vic", "reference")])
def test_output_that_is_full(out: Path, hosts: tuple[str, ...]) -> None:
    """The reports are in place by then, and the sentence says where."""
    earlier = whole(out)
    before = ["sh", "-c", '"$@" > /dev/full', "sh"]
    done = run(out.parent, "certify", *hosts, "--out=out", before=before)
    assert (done.returncode, but_refusals(done.stderr)) == (
        3,
        "vmfex: standard output cannot be written: No space left on device; the reports are in "
        "out\n",
    )
    assert whole(out) != earlier
    assert whole(out / "previous") == earlier


@pytest.mark.parametrize("words", ["rules", "rules --json", "explain VIC-02", "steps", "schema"])
def test_other_output_that_is_full(tmp_path: Path, words: str) -> None:
    before = ["sh", "-c", '"$@" > /dev/full', "sh"]
    done = run(tmp_path, *words.split(), before=before)
    said = "vmfex: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (3, said)


def test_a_reader_that_goes_away(out: Path) -> None:
    """`vmfex certify | head -1`: the run came to its end, and its status is the verdict."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    line = command_line("certify", "no-vic", "--out=out")
    done = subprocess.run(
        line, cwd=out.parent, env=process_environment(), stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert whole(out)


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_other_streams_that_are_closed(out: Path, stream: str) -> None:
    """Nothing that is said lands in a file of the run, which would have the stream's number."""
    before = ["sh", "-c", f'"$@" {stream}', "sh"]
    done = run(out.parent, "certify", "nobody", "--out=out", before=before)
    assert done.returncode == 4
    done = run(out.parent, "certify", "no-vic", "reference", "--out=out", before=before)
    assert done.returncode == 1
    assert whole(out)


COLUMNS = ("", "0", "-7", "1", "9" * 30, "9" * 5000, "²")


@pytest.mark.parametrize("columns", COLUMNS, ids=range(len(COLUMNS)))
def test_any_width(tmp_path: Path, columns: str) -> None:
    """A terminal of any width, also of one that is no number."""
    for words in ("certify no-vic", "explain VIC-02", "certify -h"):
        done = run(tmp_path, *words.split(), COLUMNS=columns, LINES=columns)
        assert (done.returncode, done.stderr) == (words == "certify no-vic", "")


CLOCK = (
    "import itertools, vmfex.engine.judge as j, vmfex.engine.ledger as l\n"
    "import vmfex.fleet.fleet as f\n"
    "times = itertools.cycle([4e9, 0.0, 2e9, -1.0, 1e9])\n"
    "j.time = lambda: next(times)\n"
    "days = itertools.cycle(['2038-01-19T03:14:07.999Z', '1970-01-01T00:00:00.000Z'])\n"
    "f.now = l.now = lambda: next(days)\n"
)


@pytest.mark.parametrize("words", [("no-vic",), ("no-vic", "reference")])
def test_a_clock_that_jumps(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Back by decades while a host is judged: the verdict is none of time's, and the record can be
    read again."""
    done = run(tmp_path, "certify", *words, "--html", "--out=out", code=CLOCK + PAGE)
    assert (done.returncode, but_refusals(done.stderr)) == (1, "")
    assert whole(tmp_path / "out")


def test_several_hosts_and_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the earlier run is lost where the machine starts no thread."""
    out = tmp_path / "out"
    certify(out, rules=["VIC-01"])
    earlier = whole(out)

    def none(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", none)
    monkeypatch.setattr("vmfex.background.start_new_thread", none)
    run = certify_several(out, "reference", "no-vic")
    assert run.status == 3
    assert len(run.errors.splitlines()) == 1
    assert no_certificate(out)
    assert whole(out / "previous") == earlier


def test_several_hosts_and_threads_that_die_before_they_run(out: Path) -> None:
    """For want of memory a thread may end before it says that it runs: nothing waits for that."""
    dying = (
        "import threading\n"
        "def die(self): raise MemoryError\n"
        "threading.Thread._bootstrap_inner = die\n"
    )
    done = run(out.parent, "certify", "reference", "no-vic", "--out=out", code=dying)
    assert done.returncode == 1
    assert whole(out)
