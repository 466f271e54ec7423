#!/bin/sh
# Makes the roots that the lab boots for libvirt's generations (docs/lab.md): Debian 11, 12 and 13, from the mirror that
# this machine's apt already uses, each below .setup/generations/SUITE/root. Nothing is installed: mmdebstrap is
# unpacked there too. Where a root cannot be made, .setup/generations/SUITE/problem says why, and its tests are skipped.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/.setup/generations
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
common=libvirt-daemon,libvirt-clients,qemu-system-x86,iproute2,kmod,mount,pciutils,procps,udev
split=libvirt-daemon-driver-qemu # packages of their own since Debian 12, and more of them since 13

say() { echo "generations: $*" >&2; }

# shellcheck source=/dev/null
. /etc/os-release
if [ "${ID-}" != debian ] || [ "$(uname -m)" != x86_64 ] || [ "$(id -u)" != 0 ]; then
    say "they are made on Debian for x86-64, by root: without them their tests are skipped"
    exit 0
fi
mkdir -p "$folder"
exec 9>"$folder/lock"
! command -v flock >/dev/null || flock 9

find_mirror() {
    # shellcheck disable=SC2016 # apt's own variable
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        "Codename: $VERSION_CODENAME" 'Component: main' | head -n 1)
}

fetch_mmdebstrap() {
    [ ! -x "$folder/mmdebstrap/usr/bin/mmdebstrap" ] || return 0
    rm -rf "$folder/download"
    mkdir "$folder/download"
    (cd "$folder/download" && apt-get -o APT::Sandbox::User=root download mmdebstrap) &&
        dpkg-deb --extract "$folder"/download/*.deb "$folder/mmdebstrap"
}

find_tools() {
    find_mirror
    [ -n "$mirror" ] || { apt-get update && find_mirror; } # this machine's lists were never fetched
    [ -n "$mirror" ] && { fetch_mmdebstrap || { apt-get update && fetch_mmdebstrap; }; }
}

fail() { # SUITE WHY
    rm -rf "${folder:?}/$1/root"
    echo "libvirt of Debian $1 is not asked: $2" >"$folder/$1/problem"
    say "$(cat "$folder/$1/problem")"
}

make_root() { # SUITE PACKAGES
    if [ -e "$folder/$1/made" ] && [ "$(cat "$folder/$1/made")" = "$2" ]; then return; fi
    rm -rf "${folder:?}/$1"
    mkdir -p "$folder/$1"
    if [ -z "$found" ]; then
        fail "$1" "apt could not reach its mirror to fetch what makes a root ($folder/log)"
        return
    fi
    say "makes a root of $1"
    if unshare --mount "$folder/mmdebstrap/usr/bin/mmdebstrap" --mode=root --variant=essential --architectures=amd64 \
        --format=directory --include="$2" --aptopt='APT::Install-Recommends "false"' \
        "$1" "$folder/$1/root" "deb [signed-by=$keyring] $mirror $1 main" >"$folder/$1/log" 2>&1; then
        echo "$2" >"$folder/$1/made"
    else
        fail "$1" "its root could not be made ($folder/$1/log)"
    fi
}

found=yes
find_tools >"$folder/log" 2>&1 </dev/null || found=""
rm -rf "$folder/download"
make_root bullseye "$common"
make_root bookworm "$common,$split"
make_root trixie "$common,$split,libvirt-daemon-driver-network,libvirt-daemon-driver-nodedev"
