"""The changelog of the running kernel's package, from Debian's file or RPM's data base."""

import os
import re
import selectors
import subprocess
import time
import zlib
from pathlib import Path

from vmfex import children
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.archive.entries import FILE_LIMIT
from vmfex.evidence.sources.local_files import read_regular

RPM = Path("/usr/bin/rpm")
SECONDS = 10.0
NOBODY = 65534  # to root, rpm's Berkeley DB (RHEL 8 and before) writes even for a query
# On Ubuntu the image package is only a signature, and the modules' changelog is the kernel's.
DEBIAN_PACKAGES = ("linux-modules", "linux-image", "linux-image-unsigned")
RPM_PACKAGES = ("kernel-core", "kernel")  # RHEL 8 and later, before


def kernel_changelog(
    root: Path, release: str, rpm: Path = RPM, seconds: float = SECONDS
) -> Fact[bytes | None]:
    """Never an absence: without a changelog nothing is known of what the kernel has fixed."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}", release):
        return Unknown("the kernel's release names no package, so its changelog is not known")
    for package in DEBIAN_PACKAGES:
        file = root / "usr/share/doc" / f"{package}-{release}" / "changelog.Debian.gz"
        try:
            packed = read_regular(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            return Unknown(f"{file} cannot be read: {error.strerror or error}")
        if packed is not None:
            return _unpack(packed, file)
    if not rpm.exists():
        return Unknown(
            f"the package of kernel {release} has no changelog under /usr/share/doc, "
            f"and there is no {rpm} to ask for it"
        )
    return _ask_rpm(rpm, release, seconds)


def _unpack(packed: bytes, file: Path) -> Fact[bytes | None]:
    decoder = zlib.decompressobj(wbits=31)
    try:
        content = decoder.decompress(packed, FILE_LIMIT)
    except zlib.error as error:
        return Unknown(f"{file} cannot be unpacked: {error}")
    if not decoder.eof:
        return Unknown(f"{file} is cut off or unpacks to more than {FILE_LIMIT // 2**20} MiB")
    return Known(content)


def _ask_rpm(rpm: Path, release: str, seconds: float) -> Fact[bytes | None]:
    for package in RPM_PACKAGES:
        name = f"{package}-{release}"
        try:
            content = _run([str(rpm), "-q", "--changelog", name], seconds)
        except TimeoutError:
            return Unknown(f"rpm did not give the changelog of {name} within {seconds:g} s")
        except OSError as error:
            return Unknown(f"rpm cannot give the changelog of {name}: {error.strerror or error}")
        if content is not None:
            return Known(content)
    return Unknown(f"rpm knows no package {' or '.join(RPM_PACKAGES)} of kernel {release}")


def _run(command: list[str], seconds: float) -> bytes | None:
    """What it prints; None if it fails. Raises TimeoutError, and OSError if that is too much."""
    deadline = time.monotonic() + seconds
    printed = bytearray()
    nobody = NOBODY if os.geteuid() == 0 else None
    with (
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd="/",
            user=nobody,
            group=nobody,
            extra_groups=None if nobody is None else [],
            process_group=children.OWN,
        ) as process,
        selectors.DefaultSelector() as selector,
    ):
        children.started(process)
        assert process.stdout is not None
        selector.register(process.stdout, selectors.EVENT_READ)
        try:
            while True:
                if not selector.select(deadline - time.monotonic()):
                    raise TimeoutError
                part = os.read(process.stdout.fileno(), 2**16)
                if not part:
                    return bytes(printed) if process.wait(seconds) == 0 else None
                printed += part
                if len(printed) > FILE_LIMIT:
                    raise OSError(f"it is larger than {FILE_LIMIT // 2**20} MiB")
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            children.end(process)
