#!/usr/bin/env bash
# Usage: tools/install/wheelhouse.sh PYTHON FOLDER
# Fills a folder with the wheel and all that it and its extras stand on, as the lock pins it by
# digest, for that Python: what is installed from the folder needs neither network nor compiler.
set -euo pipefail
python=$1 folder=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/../.."
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

"$python" -m venv "$build"
pip() { "$build/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install --require-hashes --requirement requirements-build.lock
pip wheel --require-hashes --no-build-isolation --wheel-dir "$folder" --requirement requirements-run.lock
pip wheel --no-index --no-deps --no-build-isolation --wheel-dir "$folder" .
