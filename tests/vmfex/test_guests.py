"""`--guest NAME=FILE`: a capture inside a VM decides HDV-05, by the command and by plain pytest."""

import shutil
from pathlib import Path

import pytest

from tests.evidence.test_guest_captures import GUEST, guest
from tests.support.capturing import run_script
from tests.support.sessions import Run, command, plain
from tests.support.unsealed import unseal
from tests.support.ways import in_the_layout_of_sos
from vmfex.engine.guests import guests
from vmfex.errors import UsageError
from vmfex.evidence.embedded import unpack


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """What the script writes inside a guest that has the driver."""
    file = tmp_path / "guest=1.tar"
    file.write_bytes(run_script(root=guest(tmp_path)))
    return file


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The reference host, of whose guests nothing was recorded."""
    copy = tmp_path / "host"
    unpack("reference", copy)
    shutil.rmtree(copy / "guests")
    unseal(copy)
    return copy


def test_guest_decides(host: Path, capture: Path, tmp_path: Path) -> None:
    """Without it HDV-05 is undetermined; with it compliant, in both ways in."""
    done = command("certify", host, "--rule=HDV-05", "--out=out", cwd=tmp_path)
    run = Run(done.returncode, tmp_path / "out", done.stdout, done.stderr)
    assert run.verdicts == {"HDV-05": "undetermined"}
    words = (host, f"--guest={GUEST}={capture}", "--rule=HDV-05")
    done = command("certify", *words, "--out=out", cwd=tmp_path)
    assert run.verdicts == {"HDV-05": "compliant"}, done.stderr
    assert plain(tmp_path / "plain", *words).verdicts == {"HDV-05": "compliant"}


def test_recording_has_the_guest(host: Path, capture: Path, tmp_path: Path) -> None:
    """`vmfex record HOST DIR --guest NAME=FILE` keeps it."""
    done = command("record", host, "copy", f"--guest={GUEST}={capture}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = command("certify", "./copy", "--rule=HDV-05", "--out=out", cwd=tmp_path)
    assert Run(0, tmp_path / "out", "", "").verdicts == {"HDV-05": "compliant"}


def test_a_sosreports_files_keep_their_names(capture: Path, tmp_path: Path) -> None:
    """What a finding names is the same file of the sosreport with a guest and without one."""
    for path, raw in in_the_layout_of_sos("reference").items():
        file = tmp_path / "sosreport-blade-7" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    places = []
    for words in ((), (f"--guest={GUEST}={capture}",)):
        command("certify", "./sosreport-blade-7", *words, "--out=out", cwd=tmp_path)
        record = Run(0, tmp_path / "out", "", "").record
        findings = [
            f for rule in record["rules"] for f in rule["findings"] if rule["id"] != "HDV-05"
        ]
        wheres = (e["where"] for f in findings for e in f["evidence"])
        places.append({where for where in wheres if where.startswith("sos_commands/")})
    assert places[0] == places[1] != set()


def test_domain_that_the_host_has_not(host: Path, capture: Path, tmp_path: Path) -> None:
    done = command("certify", host, f"--guest=vm9={capture}", cwd=tmp_path)
    assert done.returncode == 4
    assert "has no domain 'vm9'" in done.stderr


def test_capture_that_is_not_there(host: Path, tmp_path: Path) -> None:
    done = command("certify", host, f"--guest={GUEST}=gone.tar", cwd=tmp_path)
    assert done.returncode == 4
    assert "gone.tar" in done.stderr


def test_host_that_could_not_be_read(capture: Path, tmp_path: Path) -> None:
    """Its own reason comes first: the guest is of no use then."""
    words = ("qemu+tcp://127.0.0.1:1/system", f"--guest=web={capture}", "--out=out")
    done = command("certify", *words, cwd=tmp_path)
    assert done.returncode == 6
    assert "Connection refused" in " ".join(done.stdout.split())


@pytest.mark.parametrize("word", ["vm", "=file", "vm=", ""])
def test_words_that_are_no_guest(word: str) -> None:
    with pytest.raises(UsageError, match="--guest takes NAME=FILE"):
        guests([word])


def test_a_guest_named_twice() -> None:
    with pytest.raises(UsageError, match="--guest names 'vm' twice"):
        guests(["vm=a", "vm=b"])


def test_file_may_hold_the_sign() -> None:
    assert guests(["vm=a=b"]) == {"vm": Path("a=b")}
