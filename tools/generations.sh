#!/bin/sh
# Makes the roots that the lab boots for libvirt's generations (docs/lab.md): Debian 11, 12 and 13, from the mirror that
# this machine's apt already uses, each below .setup/generations/SUITE/root. Nothing is installed: mmdebstrap is
# unpacked there too. Where a root cannot be made, .setup/generations/SUITE/problem says why.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/.setup/generations
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
common=libvirt-daemon,libvirt-clients,qemu-system-x86,iproute2,kmod,pciutils,udev

# shellcheck source=/dev/null
. /etc/os-release
if [ "${ID-}" != debian ] || [ "$(uname -m)" != x86_64 ] || [ "$(id -u)" != 0 ]; then
    echo "generations: they are for Debian on x86-64, and for root: without them, their tests are skipped" >&2
    exit 0
fi
mkdir -p "$folder"
# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    "Codename: $VERSION_CODENAME" 'Component: main' | head -n 1)
[ -n "$mirror" ] || { echo "generations: apt knows no mirror of $VERSION_CODENAME" >&2; exit 1; }

fetch_mmdebstrap() {
    [ -x "$folder/mmdebstrap/usr/bin/mmdebstrap" ] && return
    rm -rf "$folder/download"
    mkdir "$folder/download"
    (cd "$folder/download" && apt-get -o APT::Sandbox::User=root download mmdebstrap)
    dpkg-deb --extract "$folder"/download/*.deb "$folder/mmdebstrap"
    rm -rf "$folder/download"
}

make_root() { # SUITE PACKAGES
    [ -e "$folder/$1/made" ] && [ "$(cat "$folder/$1/made")" = "$2" ] && return
    rm -rf "${folder:?}/$1"
    mkdir -p "$folder/$1"
    echo "generations: makes a root of $1" >&2
    if unshare --mount "$folder/mmdebstrap/usr/bin/mmdebstrap" --mode=root --variant=essential --architectures=amd64 \
        --format=directory --include="$2" --aptopt='APT::Install-Recommends "false"' \
        "$1" "$folder/$1/root" "deb [signed-by=$keyring] $mirror $1 main" >"$folder/$1/log" 2>&1; then
        echo "$2" >"$folder/$1/made"
    else
        rm -rf "$folder/$1/root"
        echo "the lab's libvirt of Debian $1 could not be made: $(grep -E '^(E|W):' "$folder/$1/log" | head -n 1)" |
            tee "$folder/$1/problem" >&2
    fi
}

fetch_mmdebstrap
make_root bullseye "$common"
make_root bookworm "$common,libvirt-daemon-driver-qemu"
make_root trixie "$common,libvirt-daemon-driver-qemu,libvirt-daemon-driver-network,libvirt-daemon-driver-nodedev"
