"""The same host by the other ways in: captured, by its libvirt alone, over SSH, and by sos."""

import shutil
from pathlib import Path

from tests.lab.guest.commands import Answer, run
from tests.lab.guest.sshd import sshd
from tests.lab.guest.vmfex_command import vmfex
from tests.support.ways import SOS_PLUGINS
from vmfex.evidence.sources.capture import SCRIPT

SOS_LIMIT = 400.0  # seconds; it takes 85
SOS_FOLDER = Path("/var/tmp/sos")
# sos takes the host for the RHEL that it poses as, and does nothing without rpm's list of packages.
RPM, ITS_LIST = Path("/usr/bin/rpm"), "#!/bin/sh\necho 'kernel|3.10.0|1160.el7'\n"
# Without systemd, sos takes the guest for a system in rescue mode, and runs 30 plugins more.
PRESET = "rhel"


def other_ways(out: Path) -> dict[str, Answer]:
    """What was said by each way, which leaves one file in `out`."""
    said = {
        "capture": run("sh", str(SCRIPT), into=out / "capture.tar"),
        "libvirt": vmfex("record", "qemu:///system", str(out / "libvirt.tar")),
        "sosreport": _sosreport(out),
    }
    with sshd():
        said["ssh"] = vmfex("record", "ssh://lab", str(out / "ssh.tar"))
    return said


def _sosreport(out: Path) -> Answer:
    SOS_FOLDER.mkdir(exist_ok=True)
    RPM.write_text(ITS_LIST)
    RPM.chmod(0o755)
    command = ["sos", "report", "--batch", "-q", "--preset", PRESET, "-o", SOS_PLUGINS]
    try:
        made = run(*command, "--tmp-dir", str(SOS_FOLDER), limit=SOS_LIMIT)
    finally:
        RPM.unlink()
    for report in SOS_FOLDER.glob("sosreport-*.tar.xz"):
        shutil.move(report, out / "sosreport.tar.xz")
    return made
