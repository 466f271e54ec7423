"""Signatures: DSSE envelopes, by Ed25519 or ECDSA P-256 keys in PEM, without any network.

https://github.com/secure-systems-lab/dsse. The library is the extra `bundle`, and is loaded only
where a key is given.
"""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.bundle.statement import encode
from vmfex.errors import UsageError
from vmfex.extras import wanted

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey

NAME = "statement.dsse.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
SCHEMES = ("ed25519", "ecdsa-sha2-nistp256")
SIZE_LIMIT = 64 * 1024  # bytes; a key in PEM has some hundred
KINDS = "Ed25519 and ECDSA P-256 keys in PEM can be used"


def signed(statement: bytes, signer: "CryptoSigner") -> bytes:
    """The envelope's text."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope(statement, PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return encode(envelope.to_dict())


def signer_at(path: Path) -> "CryptoSigner":
    """The private key in the file. Raises UsageError."""
    _needs_library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    raw = _read(path)
    try:
        signer = CryptoSigner(load_pem_private_key(raw, None))
    except TypeError:
        raise UsageError(
            f"the key in {path} has a passphrase: give one without, as `openssl pkey` writes it"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        public = " (it is a public one)" if b"PUBLIC KEY" in raw else ""
        raise UsageError(f"{path} is no private key{public}: {KINDS}") from None
    _check(signer.public_key, path)
    return signer


def public_at(path: Path) -> "SSlibKey":
    """The public key in the file. Raises UsageError."""
    _needs_library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey

    raw = _read(path)
    try:
        key = SSlibKey.from_crypto(load_pem_public_key(raw))
    except (ValueError, UnsupportedAlgorithm):
        private = " (it is a private one)" if b"PRIVATE KEY" in raw else ""
        raise UsageError(f"{path} is no public key{private}: {KINDS}") from None
    _check(key, path)
    return key


def fault_of(envelope: bytes, statement: bytes) -> str:
    """Why it is no envelope of this statement, as it was written; empty where it is one."""
    import base64

    try:
        document = json.loads(envelope)
        signatures = document["signatures"]
        written = {
            "payload": base64.b64encode(statement).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [
                {
                    "keyid": each["keyid"],
                    "sig": base64.b64encode(base64.b64decode(each["sig"])).decode(),
                }
                for each in signatures
            ],
        }
        if not signatures:
            return "nobody signed it"
        if not all(isinstance(each["keyid"], str) for each in signatures):
            return "it is no DSSE envelope"
        if document["payload"] != written["payload"]:
            return "it is about another statement than the one beside it"
        return "" if encode(written) == envelope else "it is not as it was written"
    except (ValueError, LookupError, TypeError, RecursionError):
        return "it is no DSSE envelope"


def key_ids(envelope: bytes) -> list[str]:
    """Which keys it names; what `fault_of` has passed."""
    return [str(each["keyid"]) for each in json.loads(envelope)["signatures"]]


def verifies(envelope: bytes, key: "SSlibKey") -> bool:
    """Whether the key signed it. `fault_of` has to have passed it."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError

    try:
        Envelope.from_dict(json.loads(envelope)).verify([key], 1)
    except (VerificationError, ValueError, TypeError, KeyError):
        return False
    return True


def keys_of(paths: Sequence[Path]) -> "dict[Path, SSlibKey]":
    """Raises UsageError."""
    return {path: public_at(path) for path in paths}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(SIZE_LIMIT)
    except OSError as error:
        raise UsageError(f"the key {path} cannot be read: {error.strerror}") from None


def _check(key: "SSlibKey", path: Path) -> None:
    if key.scheme not in SCHEMES:
        raise UsageError(f"the key in {path} is of the kind {key.scheme}: only {KINDS}")


def _needs_library() -> None:
    if find_spec("securesystemslib") is None:
        raise UsageError(wanted("a signature needs securesystemslib", "bundle"))
