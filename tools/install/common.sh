# shellcheck shell=bash disable=SC2034
# Sourced by each proof: a folder outside the checkout, a home in which nothing is, and a comparison
# of the record that was made there with the checkout's own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tools/install # where the proofs are
work=$(mktemp -d "${TMPDIR:-/tmp}/vmfex-install-XXXXXX")
trap 'rm -rf "$work"' EXIT
began=$(date +%s)
mkdir "$work/home"
[ ! -f ~/.npmrc ] || cp ~/.npmrc "$work/home" # where packages come from is each machine's own
export HOME=$work/home
unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME VIRTUAL_ENV PYTHONPATH
unset MAKEFLAGS MFLAGS # a make within would take the words that this one was called with for its own
unset "${!VMFEX_@}"

proved() { echo "proved: $* ($(($(date +%s) - began)) s)"; }
fail() { echo "failed: $*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 </dev/null || { tail -n 20 "$work/log" >&2; fail "$*"; }; }
megabytes() { echo "$(($(du -sk "$1" | cut -f1) / 1024)) MB"; }

# The one file to install, built from the checkout: prints its path.
wheel() {
    quietly "$root/.venv/bin/python" -m pip wheel --no-deps --no-index --no-build-isolation \
        --wheel-dir "$work/wheel" "$root"
    echo "$work"/wheel/*.whl
}

# Certifies the reference host by a command, in a folder in which nothing is.
# Its record must be the checkout's but for the two times in it.
same_record() {
    local there
    there=$(mktemp -d "$work/elsewhere-XXXXXX")
    (cd "$there" && quietly "$@" certify reference --quiet --out "$there/out")
    same_as_checkouts "$there/out/certification.json"
}
same_as_checkouts() {
    [ -d "$work/checkout" ] ||
        quietly "$root/.venv/bin/vmfex" certify reference --quiet --out "$work/checkout"
    cmp <(without_times "$work/checkout/certification.json") <(without_times "$1") ||
        fail "the record is not the checkout's"
}
without_times() { sed -E 's/"(started|finished)": "[^"]*"/"\1": ""/' "$1"; }

# A Python by its version, from the PATH or from pyenv; nothing where there is none.
python_of() {
    local python
    for python in "$(command -v "python$1" || true)" "${PYENV_ROOT:-/root/.pyenv}"/versions/"$1".*/bin/python"$1"; do
        if [ -x "$python" ] && "$python" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

# Makes a root of a Debian suite with these packages: SUITE FOLDER PACKAGE,...
# ROOTS is a folder that keeps what was made for the next time. A mirror may be of some days ago, and
# its signature is still Debian's.
make_root() {
    local mirror kept
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: apt-get install mmdebstrap"
    kept=${ROOTS:-$work}/$1-$(echo "$3" | cksum | cut -d " " -f 1).tar
    if [ ! -s "$kept" ]; then
        # shellcheck disable=SC2016 # apt's own words
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | head -n 1)
        quietly mmdebstrap --quiet --variant=apt --dpkgopt=force-unsafe-io \
            --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
            --include="$3" "$1" "$kept" "$mirror"
    fi
    mkdir "$2"
    tar -C "$2" -xpf "$kept"
}
# Gives a root what the registries need of this machine's configuration.
lend() {
    local file
    for file in etc/resolv.conf etc/hosts etc/ssl/certs/ca-certificates.crt etc/pip.conf etc/xdg/pip; do
        [ ! -e "/$file" ] || tar -C / -ch "$file" | tar -C "$1" -x
    done
    [ ! -f "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$1/root"
}
# Runs a command in a root. What is mounted there for it goes when it ends.
inside() {
    local folder=$1
    shift
    unshare --mount --pid --fork --mount-proc="$folder/proc" chroot "$folder" "$@"
}
