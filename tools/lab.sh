#!/bin/sh
# Fetches what the lab boots (docs/lab.md): a kernel, and a QEMU that emulates SR-IOV adapters. They come from the
# mirror that this machine's apt already uses, and are unpacked below .setup/lab and installed nowhere.
set -eu
cd "$(dirname "$0")/.."
lab=$PWD/.setup/lab
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# shellcheck source=/dev/null
. /etc/os-release
rm -rf "$lab"
mkdir -p "$lab"
if [ "${ID-}" != debian ] || [ "$(uname -m)" != x86_64 ]; then
    echo "the lab is for Debian on x86-64: without it, its tests are skipped"
    exit
fi
find_mirror() {
    # shellcheck disable=SC2016 # apt's own variable
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        "Codename: $VERSION_CODENAME" 'Component: main' | head -n 1)
}
find_mirror
[ -n "$mirror" ] || { apt-get update && find_mirror; } # this machine's lists were never fetched
[ -n "$mirror" ] || { echo "apt knows no mirror of $VERSION_CODENAME" >&2; exit 1; }

mkdir -p "$lab/apt/lists/partial" "$lab/apt/archives/partial" "$lab/apt/parts" "$lab/root"
for suite in "$VERSION_CODENAME" "$VERSION_CODENAME-backports"; do
    echo "deb [signed-by=$keyring] $mirror $suite main"
done >"$lab/apt/sources.list"

# Calls an apt command with lists and sources of its own: the machine's stay as they are.
apt() {
    command=$1
    shift
    "$command" -o Dir::Etc::sourcelist="$lab/apt/sources.list" -o Dir::Etc::sourceparts="$lab/apt/parts" \
        -o Dir::State::lists="$lab/apt/lists" -o Dir::Cache="$lab/apt" -o APT::Sandbox::User=root \
        -o APT::Default-Release="$VERSION_CODENAME-backports" -o Acquire::http::Timeout=60 "$@"
}
apt apt-get update
kernel=$(apt apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
(cd "$lab/apt/archives" && apt apt-get download "$kernel" qemu-system-x86 qemu-system-common qemu-system-data)
for package in "$lab"/apt/archives/*.deb; do
    dpkg-deb --extract "$package" "$lab/root"
done
[ -d "$lab/root/lib" ] || ln -s usr/lib "$lab/root/lib"
depmod -b "$lab/root" "${kernel#linux-image-}"
"$lab/root/usr/bin/qemu-system-x86_64" --version # the libraries of this machine's own QEMU have to do
rm -rf "$lab/apt"
