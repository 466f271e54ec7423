"""libvirtd in the guest, started by hand."""

import subprocess
import time
from pathlib import Path

from tests.lab.guest.commands import run
from tests.support.libvirtd import GROUP_LINE, PASSWD_LINE, QEMU_CONF, with_users

SOCKETS, DEFINITIONS = Path("/run/libvirt"), Path("/etc/libvirt/qemu")
CONF = 'auth_unix_ro = "none"\nauth_unix_rw = "none"\n'
START_LIMIT = 120.0  # seconds


class Libvirtd:
    """The daemon at qemu:///system. Raises RuntimeError if it does not come up."""

    def __init__(self) -> None:
        with_users(Path("/etc/passwd"), Path("/etc/passwd"), PASSWD_LINE)
        with_users(Path("/etc/group"), Path("/etc/group"), GROUP_LINE)
        Path("/etc/libvirt/qemu.conf").write_text(QEMU_CONF)
        Path("/run/libvirtd.conf").write_text(CONF)
        self._process = subprocess.Popen(["libvirtd", "-f", "/run/libvirtd.conf"])
        deadline = time.monotonic() + START_LIMIT
        while run("virsh", "-r", "capabilities").status:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("libvirtd does not answer")
            time.sleep(0.5)

    def stop(self) -> None:
        """Its sockets go with it, as they do where systemd stops it, and its domains with them."""
        self._process.terminate()
        self._process.wait(START_LIMIT)
        for file in (*SOCKETS.glob("libvirt-sock*"), *DEFINITIONS.glob("*.xml")):
            file.unlink()
