#!/bin/sh
# Fetches libvirt's own test documents (tests/corpus/libvirt): domains and networks as XML, and which of them libvirt
# refuses. They come as libvirt's source package from the mirrors that this machine's apt already uses, through lists
# of their own below .setup; apt checks the archive's signature and the digests. Nothing is built, and nothing kept
# but the documents.
set -eu
cd "$(dirname "$0")/.."
corpus=$PWD/.setup/corpus
log=$corpus.log
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() { echo "$*" >&2; exit 1; }
digest() { sha256sum <tools/corpus.sh; }
[ ! -f "$corpus/made" ] || [ "$(cat "$corpus/made")" != "$(digest)" ] || exit 0

if ! command -v apt-get >/dev/null || [ ! -f "$keyring" ]; then
    fail "The corpus comes from Debian's source packages: it takes a machine with apt and Debian's keys."
fi

# The same repositories of Debian's as for packages, asked for their sources.
find_sources() {
    # shellcheck disable=SC2016 # apt's own variables
    sources=$(apt-get indextargets --format "deb-src [signed-by=$keyring] \$(REPO_URI) \$(CODENAME) main" \
        'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u)
}
rm -rf "$corpus" "$log"
mkdir -p "$corpus/apt/lists/partial" "$corpus/apt/parts" "$corpus/apt/source"
find_sources
[ -n "$sources" ] || { apt-get update >>"$log" 2>&1 && find_sources; } || true # its lists were never fetched
[ -n "$sources" ] || fail "The corpus cannot be fetched: this machine's apt knows no repository of Debian's."
echo "$sources" >"$corpus/apt/sources.list"

# Calls an apt command with lists and sources of its own: the machine's stay as they are.
apt() {
    command=$1
    shift
    "$command" -o Dir::Etc::sourcelist="$corpus/apt/sources.list" -o Dir::Etc::sourceparts="$corpus/apt/parts" \
        -o Dir::State::lists="$corpus/apt/lists" -o Dir::Cache="$corpus/apt" -o APT::Sandbox::User=root \
        -o Acquire::AllowInsecureRepositories=false -o Acquire::AllowWeakRepositories=false \
        -o APT::Get::AllowUnauthenticated=false -o APT::Update::Error-Mode=any \
        -o Acquire::Retries=1 -o Acquire::http::Timeout=60 "$@" 2>>"$log"
}
apt apt-get update >>"$log" ||
    fail "The corpus cannot be fetched: apt could not update its lists of sources (what it said is in $log)."
(cd "$corpus/apt/source" && apt apt-get source --download-only --only-source libvirt >>"$log") ||
    fail "The corpus cannot be fetched: apt could not download libvirt's source (what it said is in $log)."

archive=$(find "$corpus/apt/source" -name 'libvirt_*.orig.tar.*' ! -name '*.asc')
[ -f "$archive" ] || fail "The corpus cannot be unpacked: libvirt's source package has not one archive of the source."
tar -xf "$archive" -C "$corpus" --strip-components=1 --no-same-owner --no-same-permissions --wildcards \
    '*/tests/*.xml' '*/tests/*.err' '*/tests/networkxml2xmltest.c' 2>>"$log" ||
    fail "The corpus cannot be unpacked: libvirt's source is not laid out as expected (what tar said is in $log)."
version=${archive##*/libvirt_}
echo "${version%.orig.tar.*}" >"$corpus/version"
rm -rf "$corpus/apt" "$log"
digest >"$corpus/made"
