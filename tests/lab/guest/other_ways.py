"""The same host by the other ways in: captured, by its libvirt alone, over SSH.

Not by sos, which takes minutes on the emulated processor: it runs natively in test_sosreport.py.
"""

from pathlib import Path

from fixtures.capture import SCRIPT
from tests.lab.guest.commands import Answer, run
from tests.lab.guest.sshd import sshd
from tests.lab.guest.vmfex_command import vmfex


def other_ways(out: Path) -> dict[str, Answer]:
    """What was said by each way, which leaves one file in `out`."""
    said = {
        "capture": run("sh", str(SCRIPT), into=out / "capture.tar"),
        "libvirt": vmfex("record", "qemu:///system", str(out / "libvirt.tar")),
    }
    with sshd():
        said["ssh"] = vmfex("record", "ssh://lab", str(out / "ssh.tar"))
    return said
