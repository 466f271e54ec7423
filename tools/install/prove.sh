#!/bin/sh
# Usage: tools/install/prove.sh [NAME...]
# Tries each way to install from nothing, outside the checkout. Each says what it proved. Those with a
# root of their own need root, mmdebstrap, and buildah or rpm, dnf and createrepo-c.
set -u
cd "$(dirname "$0")" || exit
[ $# -gt 0 ] || set -- pythons uv pipx pex container rhel dnf
failed=
for name; do
    echo "== $name"
    bash "./$name.sh" || failed="$failed $name"
done
[ -z "$failed" ] || { echo "not proved:$failed" >&2; exit 1; }
