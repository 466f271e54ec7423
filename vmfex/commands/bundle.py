"""`vmfex bundle` and `vmfex verify`: a run handed over in one archive, and what of one holds."""

from pathlib import Path

import click

from vmfex.exit_status import Exit

BUNDLE_EPILOG = """\
\b
Examples:
  vmfex bundle certification blade-7.tar
  vmfex bundle certification blade-7.tar --key signing-key.pem
  vmfex bundle certification blade-7.tar --evidence captures/blade-7.tar.gz
  vmfex bundle certification for-vendor.tar --redact --pseudonyms ours.json

\b
A key, offline and once:
  openssl genpkey -algorithm ED25519 -out signing-key.pem
  openssl pkey -in signing-key.pem -pubout -out verify-key.pem

docs/bundle.md says what is in a bundle, and how it is verified with openssl alone.
"""

VERIFY_EPILOG = """\
\b
Examples:
  vmfex verify blade-7.tar --key verify-key.pem
  vmfex verify blade-7.tar

\b
Exit status:
  0  all holds, and each --key signed it
  1  something was touched, is missing or was added; or a --key did not sign it
  2  interrupted
  3  internal error
  4  wrong usage: a file or key that cannot be read
  6  nothing was touched, and nobody vouches for it: without a signature, or
     without --key
"""


@click.command(epilog=BUNDLE_EPILOG, short_help="Put a run into one archive, signed.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="Sign it with this private key, Ed25519 or ECDSA P-256.",
)
@click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Put in the recording or capture that was judged, too; can be repeated.",
)
@click.option(
    "--redact",
    is_flag=True,
    help="Put pseudonyms in the place of names, addresses, UUIDs and serial numbers.",
)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the pseudonyms here, and use those that are there; with --redact.",
)
def bundle(
    folder: Path,
    file: Path,
    key: Path | None,
    evidence: tuple[Path, ...],
    redact: bool,
    pseudonyms: Path | None,
) -> int:
    """Put the record, evidence and reports that a run left in FOLDER into the new archive FILE.

    It is a plain tar with the digest of every file and an in-toto statement of the test's result,
    signed where a key is given. The same run and key give the same bytes (but for ECDSA, whose
    signatures are random). Nothing asks the network.

    A redacted bundle says what was left out since it could not be redacted surely. Who has the file
    of --pseudonyms knows the names: it is not part of the bundle.
    """
    if pseudonyms and not redact:
        raise click.UsageError("--pseudonyms needs --redact.")
    from vmfex.bundle.contents import evidence_files, run_in
    from vmfex.bundle.make import make, make_redacted
    from vmfex.progress import say

    run = run_in(folder)
    added = evidence_files(evidence, run.hosts.values())
    if redact:
        for sentence in make_redacted(run, file, added, key, pseudonyms):
            say(sentence)
    else:
        make(run, file, added, key)
    return Exit.CERTIFIED


@click.command(epilog=VERIFY_EPILOG, short_help="Say what of a bundle holds, and what was touched.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "public",
    type=click.Path(path_type=Path),
    metavar="PEM",
    multiple=True,
    help="The public key that has to have signed it; can be repeated: each has to.",
)
def verify(file: Path, public: tuple[Path, ...]) -> int:
    """Say what of the bundle FILE holds and what was touched, down to the file.

    Every byte counts. Nothing is unpacked, and nothing asks the network.
    """
    from vmfex.bundle.verify import MOST_TOLD, Word
    from vmfex.bundle.verify import verify as verified

    found = verified(file, public)
    for each in found.told[:MOST_TOLD]:
        click.echo(each.line)
    if len(found.told) > MOST_TOLD:
        click.echo(f"and {len(found.told) - MOST_TOLD:,} more")
    statuses = {Word.HOLDS: Exit.CERTIFIED, Word.OPEN: Exit.INCOMPLETE}
    return statuses.get(found.word, Exit.NOT_CERTIFIED)
