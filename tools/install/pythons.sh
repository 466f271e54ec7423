#!/usr/bin/env bash
# Proves the wheel on Python 3.11 to 3.14: those of this machine, else Debian's, in a root of its own.
# VERSIONS chooses some.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
wheel=$(wheel)
bytes=$(stat -c %s "$wheel")
[ "$bytes" -lt 1000000 ] || fail "the wheel has $bytes bytes"
proved "the wheel: $bytes bytes"

for version in ${VERSIONS:-3.11 3.12 3.13 3.14}; do
    python=$(python_of "$version")
    if [ -n "$python" ]; then
        quietly "$python" -m venv "$work/$version"
        quietly "$work/$version/bin/pip" install "$wheel"
        same_record "$work/$version/bin/vmfex"
        proved "Python $version of this machine: the record is the checkout's"
        continue
    fi
    make_root forky "$work/root" "python$version-venv,libvirt0,ca-certificates" # libvirt0 has the schemas
    lend "$work/root"
    cp "$wheel" "$work/root"
    export HOME=/root
    quietly inside "$work/root" "python$version" -m venv /opt/vmfex
    quietly inside "$work/root" /opt/vmfex/bin/pip install "/$(basename "$wheel")"
    quietly inside "$work/root" /opt/vmfex/bin/vmfex certify reference --quiet --out /out
    same_as_checkouts "$work/root/out/certification.json"
    proved "Python $version of Debian: the record is the checkout's"
done
