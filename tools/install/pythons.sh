#!/usr/bin/env bash
# Proves the wheel on Python 3.11 to 3.14: those of this machine, else Debian's, in a root of its own
# that has no network and gets the packages as files.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
wheel=$(wheel)
bytes=$(stat -c %s "$wheel")
[ "$bytes" -lt 1000000 ] || fail "the wheel has $bytes bytes"
proved "the wheel: $bytes bytes"

for version in 3.11 3.12 3.13 3.14; do
    python=$(python_of "$version")
    if [ -n "$python" ]; then
        quietly "$python" -m venv "$work/$version"
        quietly "$work/$version/bin/pip" install "$wheel"
        same_record "$work/$version/bin/vmfex"
        proved "Python $version of this machine: the record is the checkout's"
        continue
    fi
    quietly "$root/.venv/bin/python" -m pip download --only-binary=:all: --python-version "$version" \
        --dest "$work/files" "$wheel"
    make_root forky "$work/root" "python$version-venv,libvirt0" # libvirt0 has libvirt's schemas
    cp -r "$work/files" "$work/root/files"
    quietly inside "$work/root" "python$version" -m venv /opt/vmfex
    quietly inside "$work/root" unshare --net /opt/vmfex/bin/pip install --no-index --find-links /files vmfex
    quietly inside "$work/root" /opt/vmfex/bin/vmfex certify reference --quiet --out /out
    same_as_checkouts "$work/root/out/certification.json"
    proved "Python $version of Debian, without a network: the record is the checkout's"
done
