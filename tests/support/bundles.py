"""Bundles for tests: small ones of records made by hand, keys, and archives that lie."""

import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from tests.support.certifications import certification, result
from vmfex.bundle.archive import TOP
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.cli import cli
from vmfex.folder.folder import folder_at
from vmfex.folder.names import RECORD
from vmfex.reports.record import write

OF = certification(
    result(),
    result(Verdict.WAIVED, "HST-02"),
    result(Verdict.NOT_APPLICABLE, "HST-03"),
    host="blade-7",
)
KINDS = ("ed25519", "ecdsa")


def run_of(out: Path, of: Certification = OF) -> Path:
    """A folder with what a run left: a record, and a report beside it."""
    with folder_at(out).run() as folder:
        write(of, folder.new / RECORD)
        (folder.new / "junit.xml").write_text("<testsuites/>")
        folder.publish()
    return out


def keys_in(folder: Path, kind: str, name: str = "") -> tuple[Path, Path]:
    """A private key and its public one, in PEM."""
    from cryptography.hazmat.primitives import serialization as of
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if kind == "ed25519":
        key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
        key = ed25519.Ed25519PrivateKey.generate()
    elif kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
    else:
        key = ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())
    private, public = folder / f"{name}{kind}.pem", folder / f"{name}{kind}.pub.pem"
    form = of.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(of.Encoding.PEM, form, of.NoEncryption()))
    form_of_public = of.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(of.Encoding.PEM, form_of_public))
    return private, public


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def vmfex(*args: str | Path) -> Done:
    """The program, in this process."""
    done = CliRunner().invoke(cli, [str(arg) for arg in args])
    return Done(done.exit_code, done.stdout, done.stderr)


def contents(bundle: Path) -> dict[str, bytes]:
    """Its files, as any tar reads them."""
    found = {}
    with tarfile.open(bundle) as tar:
        for member in tar.getmembers():
            if stream := tar.extractfile(member):
                found[member.name.removeprefix(f"{TOP}/")] = stream.read()
    return found


def lying(target: Path, members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """A tar of these members, whatever they are."""
    with tarfile.open(target, "w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return target


def named(name: str, content: bytes = b"", type_: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """A member, of the type and size that it is said to have."""
    member = tarfile.TarInfo(name)
    member.type, member.size = type_, len(content)
    member.linkname = "/etc/passwd" if type_ in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
    return member
