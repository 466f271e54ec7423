"""Makes a bundle: written aside, and put in place whole."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.bundle import keys, statement, sums
from vmfex.bundle.archive import Writer
from vmfex.bundle.contents import README, Run
from vmfex.checks.text import shown_path
from vmfex.errors import UsageError
from vmfex.folder.moves import keep
from vmfex.folder.names import RECORD

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

TEXT = """\
A certification of KVM hosts for Cisco VM-FEX, by vmfex.

certification.json       the record: every verdict with its evidence; of many
                         hosts hosts/*/certification.json and summary.json
certificate.html         the page for people
SHA256SUMS               the digest of every other file: sha256sum -c SHA256SUMS
statement.json           what the record says as an in-toto test result, with
                         the digest of SHA256SUMS
statement.dsse.json      the same, signed (DSSE), where somebody signed it

vmfex verify FILE --key KEY.pem says whether anything was touched.
"""


def write(
    target: Path,
    files: Mapping[str, Path | bytes],
    hosts: statement.Hosts,
    signer: "CryptoSigner | None",
    said: Iterable[str] = (),
) -> None:
    """Writes the bundle whole, over nothing; `said` is what a reader has to know of it. Raises
    UsageError."""
    if os.path.lexists(target):
        raise UsageError(f"{shown_path(target)} is there already: name a new file")
    part = target.with_name(f".{target.name}.{os.urandom(8).hex()}.part")
    try:
        with part.open("xb") as stream:
            writer = Writer(stream)
            for name in sorted({*files, README}):
                writer.add(name, _content(name, files, said))
            _vouch(writer, hosts, signer)
            writer.finish()
            stream.flush()
            os.fsync(stream.fileno())
        keep(part, target)
    except FileExistsError:
        raise UsageError(f"{shown_path(target)} is there already: name a new file") from None
    except OSError as error:
        where = error.filename or target
        raise UsageError(
            f"the bundle cannot be written: {shown_path(where)}: {error.strerror}"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _content(name: str, files: Mapping[str, Path | bytes], said: Iterable[str]) -> bytes:
    if name == README:
        return "\n".join([TEXT, *said]).encode()
    found = files[name]
    return found if isinstance(found, bytes) else found.read_bytes()


def _vouch(writer: Writer, hosts: statement.Hosts, signer: "CryptoSigner | None") -> None:
    """The digests of all files, what the records say, and the signature on both."""
    records = {n: d for n, d in writer.sums.items() if n.rpartition("/")[2] == RECORD}
    writer.add(sums.NAME, sums.render(writer.sums))
    said = statement.statement({sums.NAME: writer.sums[sums.NAME], **records}, hosts)
    writer.add(statement.NAME, said)
    if signer is not None:
        writer.add(keys.NAME, keys.signed(said, signer))


def make(run: Run, target: Path, evidence: Mapping[str, Path], key: Path | None) -> None:
    """The bundle of a run as it is. Raises UsageError."""
    signer = keys.signer_at(key) if key else None
    write(target, {**run.files, **evidence}, run.hosts, signer)


def make_redacted(
    run: Run, target: Path, evidence: Mapping[str, Path], key: Path | None, pseudonyms: Path | None
) -> tuple[str, ...]:
    """The bundle of a run with pseudonyms in the place of names; the table of them is kept in the
    file `pseudonyms`, where there is one. Returns what is to be said of it. Raises UsageError."""
    from vmfex.bundle.redact import table
    from vmfex.bundle.redact.run import redact

    signer = keys.signer_at(key) if key else None
    redacted = redact(run, table.read(pseudonyms) if pseudonyms else None)
    said = redacted.said
    if evidence:
        said += (f"Left out: {len(evidence)} files of raw evidence of a whole host",)
    if pseudonyms:
        table.write(redacted.table, pseudonyms)
    write(target, redacted.files, redacted.hosts, signer, said)
    return said
