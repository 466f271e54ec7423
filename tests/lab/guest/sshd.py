"""sshd in the guest, started by hand, and a user of it who is root.

What is written below /root stays in the guest's memory.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.guest.commands import must

FOLDER, PORT = Path("/run/lab-sshd"), 2222
START_LIMIT = 60.0  # seconds
DAEMON = f"""
ListenAddress 127.0.0.1
Port {PORT}
HostKey {FOLDER}/host_key
AuthorizedKeysFile {FOLDER}/user_key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
"""
CLIENT = f"""
Host lab
    HostName 127.0.0.1
    Port {PORT}
    IdentityFile {FOLDER}/user_key
    UserKnownHostsFile {FOLDER}/known_hosts
"""


@contextmanager
def sshd() -> Iterator[None]:
    """The guest is to be had as `lab`. Raises RuntimeError if the daemon does not come up."""
    FOLDER.mkdir(exist_ok=True)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    for name in ("host_key", "user_key"):
        (FOLDER / name).unlink(missing_ok=True)
        must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(FOLDER / name))
    key = " ".join((FOLDER / "host_key.pub").read_text().split()[:2])
    (FOLDER / "known_hosts").write_text(f"[127.0.0.1]:{PORT} {key}\n")
    (FOLDER / "config").write_text(DAEMON)
    home = Path("/root/.ssh")
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "config").write_text(CLIENT)
    (home / "config").chmod(0o600)
    daemon = shutil.which("sshd") or "/usr/sbin/sshd"
    process = subprocess.Popen([daemon, "-D", "-e", "-f", str(FOLDER / "config")])
    try:
        _await()
        yield
    finally:
        process.terminate()
        process.wait(START_LIMIT)


def _await() -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("sshd does not answer")
