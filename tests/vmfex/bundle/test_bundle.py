"""`vmfex bundle` and `vmfex verify`: what goes in comes out, and each touch is told."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bundles import KINDS, OF, contents, keys_in, run_of, vmfex
from tests.support.certifications import certification, result
from vmfex.bundle.archive import Writer
from vmfex.bundle.statement import RESULTS, predicate
from vmfex.checks.result.certification import Decision
from vmfex.checks.result.verdict import Verdict


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(tmp_path_factory.mktemp("run") / "out")


@pytest.mark.parametrize("kind", KINDS)
def test_signed_bundle_holds(tmp_path: Path, run: Path, kind: str) -> None:
    """Every file of the run is in it, and the key that signed it verifies it."""
    private, public = keys_in(tmp_path, kind)
    bundle = tmp_path / "b.tar"
    done = vmfex("bundle", run, bundle, "--key", private)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = contents(bundle)
    for name in ("certification.json", "junit.xml"):
        assert found[name] == (run / name).read_bytes()
    verified = vmfex("verify", bundle, "--key", public)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert {line.split()[0] for line in verified.stdout.splitlines()} == {"holds"}


def test_plain_tools_read_it(tmp_path: Path, run: Path) -> None:
    """tar and sha256sum, as an auditor has them."""
    assert vmfex("bundle", run, tmp_path / "b.tar").returncode == 0
    subprocess.run(["tar", "-xf", "b.tar"], cwd=tmp_path, check=True)
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "vmfex-bundle",
        check=True,
    )


def test_same_run_and_key_give_the_same_bytes(tmp_path: Path, run: Path) -> None:
    """Ed25519 signatures are deterministic (RFC 8032), and nothing else is of a time or a user."""
    private, _ = keys_in(tmp_path, "ed25519")
    for name in ("a.tar", "b.tar"):
        assert vmfex("bundle", run, tmp_path / name, "--key", private).returncode == 0
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_statement_is_an_in_toto_test_result(tmp_path: Path, run: Path) -> None:
    """Statement v1 and predicate test-result v0.1, field by field as in-toto's specification has
    them; the envelope is DSSE's, and its signature is on the statement's own bytes."""
    private, _ = keys_in(tmp_path, "ed25519")
    vmfex("bundle", run, tmp_path / "b.tar", "--key", private)
    found = contents(tmp_path / "b.tar")
    statement = json.loads(found["statement.json"])
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    said = statement["predicate"]
    assert said.keys() == {
        *("result", "configuration"),
        *("passedTests", "warnedTests", "failedTests"),
    }
    assert said["result"] == "WARNED"
    assert (said["passedTests"], said["warnedTests"]) == (["HST-01"], ["HST-02"])
    assert said["failedTests"] == []
    for descriptor in (*said["configuration"], *statement["subject"]):
        assert descriptor["digest"]
    for subject in statement["subject"]:
        digest = hashlib.sha256(found[subject["name"]]).hexdigest()
        assert subject["digest"] == {"sha256": digest}
    envelope = json.loads(found["statement.dsse.json"])
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert base64.b64decode(envelope["payload"]) == found["statement.json"]


def test_statement_is_never_greener_than_the_record() -> None:
    """Every decision and every verdict, deciding or not, by the mapping in docs/bundle.md."""
    words = {"CERTIFIED": "PASSED", "CERTIFIED WITH WAIVERS": "WARNED"}
    assert {str(d): RESULTS[d] for d in Decision} == {
        str(d): words.get(str(d), "FAILED") for d in Decision
    }
    for verdict in Verdict:
        for derived in (False, True):
            of = certification(result(verdict, "SRV-08", derived=derived))
            said = predicate({"": of})
            lists = [name for name, tests in said.items() if tests == ["SRV-08"]]
            decides = of.decides(of.results[0])
            expected = {
                Verdict.COMPLIANT: ["passedTests"],
                Verdict.NOT_APPLICABLE: [],
                Verdict.WAIVED: ["warnedTests"],
            }.get(verdict, ["failedTests"] if decides else ["warnedTests"])
            assert lists == expected, (verdict, derived)


def test_several_hosts(tmp_path: Path) -> None:
    """The worst of them is the result; a host without a record has failed."""
    said = predicate({"a": OF, "b": certification(result(Verdict.VIOLATED)), "c": None})
    assert said["result"] == "FAILED"
    assert said["passedTests"] == ["a/HST-01"]
    assert said["failedTests"] == ["b/HST-01", "c/record"]
    out = tmp_path / "out"
    assert vmfex("certify", "reference", "centos7", "--out", out, "-q").returncode == 1
    assert vmfex("bundle", out, tmp_path / "b.tar").returncode == 0
    done = vmfex("verify", tmp_path / "b.tar")
    assert (done.returncode, "touched" in done.stdout) == (6, False)
    assert "reference/HST-01" in contents(tmp_path / "b.tar")["statement.json"].decode()


@pytest.mark.parametrize("kind", KINDS)
def test_who_vouches(tmp_path: Path, run: Path, kind: str) -> None:
    """Another key, no signature, no key at all: none of them ends with 0."""
    private, _ = keys_in(tmp_path, kind)
    _, other = keys_in(tmp_path, kind, "other-")
    signed, unsigned = tmp_path / "signed.tar", tmp_path / "unsigned.tar"
    vmfex("bundle", run, signed, "--key", private)
    vmfex("bundle", run, unsigned)
    wrong = vmfex("verify", signed, "--key", other)
    assert (wrong.returncode, "not signed by the key" in wrong.stdout) == (1, True)
    missing = vmfex("verify", unsigned, "--key", other)
    assert (missing.returncode, "nobody signed" in missing.stdout) == (1, True)
    assert vmfex("verify", signed).returncode == 6
    assert vmfex("verify", unsigned).returncode == 6


@pytest.mark.parametrize("kind", ["rsa", "p384", "public", "none", "gone", "folder"])
def test_keys_that_cannot_be_used(tmp_path: Path, run: Path, kind: str) -> None:
    """One sentence, status 4, and no bundle; nor is anything verified by them."""
    key = tmp_path / "key.pem"
    if kind in ("rsa", "p384"):
        key, public = keys_in(tmp_path, kind)
        assert vmfex("verify", run, "--key", public).returncode == 4
    elif kind == "public":
        _, key = keys_in(tmp_path, "ed25519")
    elif kind == "none":
        key.write_text("-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n")
    elif kind == "folder":
        key.mkdir()
    done = vmfex("bundle", run, tmp_path / "b.tar", "--key", key)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert not [*tmp_path.glob("*.tar"), *tmp_path.glob(".*part")]


def test_key_with_a_passphrase(tmp_path: Path, run: Path) -> None:
    """Is not asked for: the sentence says what to do."""
    from cryptography.hazmat.primitives import serialization as of
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = tmp_path / "key.pem"
    encrypted = of.BestAvailableEncryption(b"x")
    form = of.PrivateFormat.PKCS8
    raw = Ed25519PrivateKey.generate().private_bytes(of.Encoding.PEM, form, encrypted)
    key.write_bytes(raw)
    done = vmfex("bundle", run, tmp_path / "b.tar", "--key", key)
    assert done.returncode == 4
    assert "has a passphrase" in done.stderr


def test_evidence_is_what_was_judged(tmp_path: Path) -> None:
    """The file whose digest the record has is put in; any other is refused."""
    out = tmp_path / "out"
    recording = tmp_path / "blade-7.tar"
    assert vmfex("record", "reference", recording).returncode == 0
    assert vmfex("certify", recording, "--out", out, "-q").returncode == 0
    done = vmfex("bundle", out, tmp_path / "b.tar", "--evidence", recording)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path / "b.tar")["evidence/blade-7.tar"] == recording.read_bytes()
    subject = json.loads(contents(tmp_path / "b.tar")["statement.json"])["subject"][-1]
    assert subject["digest"]["sha256"] == hashlib.sha256(recording.read_bytes()).hexdigest()
    other = tmp_path / "other"
    other.write_text("")
    refused = vmfex("bundle", out, tmp_path / "c.tar", "--evidence", other)
    assert (refused.returncode, "is in no record" in refused.stderr) == (4, True)
    assert not (tmp_path / "c.tar").exists()


def test_what_cannot_be_bundled(tmp_path: Path) -> None:
    """No run, one that was changed since, a target that is there: a sentence, and nothing made."""
    out = run_of(tmp_path / "out")
    (tmp_path / "there.tar").write_text("mine")
    for folder, target in ((tmp_path, "a.tar"), (tmp_path / "gone", "a.tar"), (out, "there.tar")):
        done = vmfex("bundle", folder, tmp_path / target)
        assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert (tmp_path / "there.tar").read_text() == "mine"
    (out / "junit.xml").write_text("<changed/>")
    done = vmfex("bundle", out, tmp_path / "a.tar")
    assert (done.returncode, "not as the run left it" in done.stderr) == (4, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "there.tar"]


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a//b", "a/./b", "", "a\\b", "a\nb", "a\x1bb", "n" * 300]
)
def test_names_that_no_bundle_has(name: str, tmp_path: Path) -> None:
    """Whoever unpacks it writes nowhere else, and reads each line of SHA256SUMS as one."""
    from vmfex.errors import UsageError

    with (tmp_path / "b.tar").open("wb") as stream, pytest.raises(UsageError):
        Writer(stream).add(name, b"")


def test_without_the_library(tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key needs the extra, in a sentence; a bundle without a signature does not."""
    private, public = keys_in(tmp_path, "ed25519")
    monkeypatch.setattr("vmfex.bundle.keys.find_spec", lambda _: None)
    done = vmfex("bundle", run, tmp_path / "a.tar", "--key", private)
    assert (done.returncode, "its extra `bundle`" in done.stderr) == (4, True)
    assert vmfex("bundle", run, tmp_path / "b.tar").returncode == 0
    assert vmfex("verify", tmp_path / "b.tar").returncode == 6
    assert vmfex("verify", tmp_path / "b.tar", "--key", public).returncode == 4


def test_nothing_is_loaded_for_other_commands() -> None:
    """`certify` pays for none of it, nor does a bundle without a key for the signatures."""
    code = (
        "import sys; import vmfex.commands.certify, vmfex.commands.bundle, vmfex.commands.compare;"
        "from vmfex.bundle import make, verify;"
        "wrong = {'securesystemslib', 'cryptography', 'vmfex.reports.comparison',"
        " 'vmfex.bundle.redact', 'jinja2', 'lxml'} & {*sys.modules};"
        "sys.exit(repr(wrong) if wrong else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
