"""Runs the capture script, as a host would, and takes its tar apart."""

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.needs import missing
from vmfex.evidence.sources.capture import SCRIPT

SHELLS = {"dash": ("dash",), "bash": ("bash",), "busybox ash": ("busybox", "ash")}
# The machine's own virsh at the socket of the tests' libvirtd; it counts how often it is asked.
VIRSH = """#!/bin/sh
[ "$1 $2 $3" = "-r -c qemu:///system" ] || exit 3
shift 3
echo "$*" >>"{log}"
exec {virsh} -r -c "{uri}" "$@"
"""
SYSTEM = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
LIMIT = 120  # seconds until a test gives a script up; not a measure of speed


def run_script(
    shell: str = "dash",
    *,
    root: Path | None = None,
    tools: Path | None = None,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
) -> bytes:
    """What the script writes. Programs in `tools` are found before the machine's own."""
    own = user in (None, os.geteuid())
    done = subprocess.run(
        [*find_shell(shell), "-s"],
        input=SCRIPT.read_bytes(),
        capture_output=True,
        env=script_environment(root, tools) | dict(environment or {}),
        timeout=LIMIT,
        check=False,
        cwd="/",
        user=None if own else user,
        group=None if own else user,
        extra_groups=None if own else [],
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return done.stdout


def find_shell(shell: str) -> tuple[str, ...]:
    command = SHELLS[shell]
    if shutil.which(command[0]) is None:
        missing(command[0])
    return command


def script_environment(root: Path | None = None, tools: Path | None = None) -> dict[str, str]:
    path = SYSTEM if tools is None else f"{tools}:{SYSTEM}"
    return {"PATH": path} | ({} if root is None else {"VMFEX_ROOT": str(root)})


def members(raw: bytes) -> dict[str, bytes]:
    """The regular files of a tar, by Python's own reader."""
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        files = [member for member in tar if member.isreg()]
        return {member.name: content(tar, member) for member in files}


def content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


def virsh_at(directory: Path, uri: str) -> Path:
    """Tools with that virsh, in `directory`, which gets a list of what it was `asked`."""
    made = directory / "tools"
    made.mkdir()
    virsh, log = shutil.which("virsh") or missing("virsh"), directory / "asked"
    (made / "virsh").write_text(VIRSH.format(virsh=virsh, uri=uri, log=log))
    (made / "virsh").chmod(0o755)
    return made
