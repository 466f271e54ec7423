"""Bills of materials: all that the locks pin, in CycloneDX, and no address."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# Of CycloneDX 1.6: what a component and a document must have, and may have of what is used here.
REQUIRED = {"type", "name"}
ALLOWED = REQUIRED | {"bom-ref", "version", "purl", "hashes", "licenses", "scope", "properties"}
HASH_SIZES = {"SHA-1": 40, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128}
Json = dict[str, Any]


def made(folder: Path) -> dict[str, bytes]:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/sbom.py", folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("packages") == 2
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    found = made(tmp_path_factory.mktemp("sbom") / "new/folder")
    return {name.partition(".")[0]: json.loads(raw) for name, raw in found.items()}


@pytest.mark.parametrize("kind", ["python", "npm"])
def test_document_is_cyclonedx(bills: dict[str, Json], kind: str) -> None:
    """By the parts of its schema that are used here (CycloneDX 1.6, bom-1.6.schema.json)."""
    bill = bills[kind]
    assert set(bill) == {"bomFormat", "specVersion", "version", "metadata", "components"}
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    components = bill["components"]
    references = [component["bom-ref"] for component in components]
    assert len(set(references)) == len(references) > 5
    for component in components:
        assert set(component) >= REQUIRED
        assert set(component) <= ALLOWED
        assert component["type"] == "library"
        assert component.get("scope", "required") in ("required", "optional", "excluded")
        assert re.fullmatch(r"pkg:(pypi|npm)/[^@\s]+@[^@\s]+", component["purl"])
        for hash_ in component.get("hashes", []):
            assert re.fullmatch(f"[0-9a-f]{{{HASH_SIZES[hash_['alg']]}}}", hash_["content"])


def test_every_python_package_is_in_it(bills: dict[str, Json]) -> None:
    """Of both locks, with every digest; those that only build are marked."""
    pinned: dict[str, set[str]] = {}
    for lock in ("requirements.lock", "requirements-build.lock"):
        for part in re.split(r"^(?=[a-z])", (ROOT / lock).read_text(), flags=re.M)[1:]:
            digests = set(re.findall(r"sha256:([0-9a-f]{64})", part))
            pinned.setdefault(part.split(" ")[0], set()).update(digests)
    components = bills["python"]["components"]
    found = {
        f"{c['name']}=={c['version']}": {p["value"] for p in c["properties"]} for c in components
    }
    assert found == pinned
    [hatchling] = [c for c in components if c["name"] == "hatchling"]
    assert hatchling["scope"] == "excluded"


def test_every_npm_package_is_in_it(bills: dict[str, Json]) -> None:
    """With the digest that npm holds it against."""
    lock = json.loads((ROOT / "reports/allure/generator/package-lock.json").read_text())
    pinned = {
        (place.rpartition("node_modules/")[2], package["version"], package["integrity"])
        for place, package in lock["packages"].items()
        if place
    }
    found = {
        (
            c["name"],
            c["version"],
            f"sha512-{base64.b64encode(bytes.fromhex(h['content'])).decode()}",
        )
        for c in bills["npm"]["components"]
        for h in c["hashes"]
    }
    assert found == pinned


def test_no_address_and_always_the_same(tmp_path: Path) -> None:
    """Where a package came from is this machine's own configuration, and when is nobody's."""
    first, again = made(tmp_path / "a"), made(tmp_path / "b")
    assert first == again
    for raw in first.values():
        assert b"://" not in raw
        assert b"externalReferences" not in raw
        assert str(ROOT).encode() not in raw
