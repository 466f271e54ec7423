"""Bills of materials (CycloneDX 1.6, JSON) of what the lock files pin: `make sbom`.

They are made from the locks alone: names, versions and digests, the same bytes on every machine,
without a network and without the address of any registry.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
PYTHON, BUILD = "requirements.lock", "requirements-build.lock"
NPM = "reports/allure/generator/package-lock.json"
_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ALGORITHMS = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256", "sha1": "SHA-1"}
Json = dict[str, Any]


def python_components(lock: str) -> Iterator[Json]:
    """The packages of a lock for pip. A version has a file, and a digest, for each platform: they
    are properties, since a component's own hashes would be those of one file."""
    component: Json = {}
    for line in lock.splitlines():
        if found := _PINNED.match(line):
            name, version = found.groups()
            component = _component(name, version, f"pkg:pypi/{name.lower()}@{quote(version)}")
            component["properties"] = []
            yield component
        elif found := _DIGEST.search(line):
            digest = {"name": "vmfex:file:sha256", "value": found[1]}
            component["properties"].append(digest)


def npm_components(lock: str) -> Iterator[Json]:
    """The packages of a lock for npm, each once for each version."""
    seen = set()
    for place, package in json.loads(lock)["packages"].items():
        name, version = place.rpartition("node_modules/")[2], package.get("version")
        if not name or (name, version) in seen:
            continue
        seen.add((name, version))
        component = _component(name, version, f"pkg:npm/{quote(name)}@{quote(version)}")
        component["hashes"] = [_hash(each) for each in package["integrity"].split()]
        if license_ := package.get("license"):
            component["licenses"] = [{"license": {"name": license_}}]
        if package.get("optional"):
            component["scope"] = "optional"
        yield component


def bill(name: str, version: str, components: list[Json]) -> str:
    """The document. It has no time and no serial number, which would make each one another."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": name,
                "version": version,
            }
        },
        "components": sorted(components, key=lambda component: str(component["bom-ref"])),
    }
    return json.dumps(document, indent=2) + "\n"


def _component(name: str, version: str, purl: str) -> Json:
    known = {"bom-ref": purl, "name": name, "version": version, "purl": purl}
    return {"type": "library", **known}


def _hash(integrity: str) -> Json:
    algorithm, _, digest = integrity.partition("-")
    return {"alg": _ALGORITHMS[algorithm], "content": base64.b64decode(digest).hex()}


def main(folder: Path) -> None:
    """Writes both, and says where."""
    [version] = re.findall(r'VERSION = "([^"]+)"', (ROOT / "vmfex/version.py").read_text("utf-8"))
    run, build = (list(python_components((ROOT / lock).read_text())) for lock in (PYTHON, BUILD))
    known = {component["bom-ref"] for component in run}
    build = [{**c, "scope": "excluded"} for c in build if c["bom-ref"] not in known]
    npm = list(npm_components((ROOT / NPM).read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    for name, components in (("python", [*run, *build]), ("npm", npm)):
        file = folder / f"{name}.cdx.json"
        file.write_text(bill(f"vmfex-{name}", version, components), encoding="utf-8")
        print(f"{file}: {len(components)} packages")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
