#!/bin/sh
# Installs what contrib/ is tested with below .setup/contrib, where nothing else uses it: ansible-core,
# ansible-lint, and check-jsonschema with its schemas of GitLab CI's and GitHub's files.
set -eu
cd "$(dirname "$0")/.."
rm -rf .setup/contrib
mkdir -p .setup/contrib
.venv/bin/python -m venv .setup/contrib/venv
.setup/contrib/venv/bin/python -m pip install --no-input --require-hashes --requirement requirements-contrib.lock
