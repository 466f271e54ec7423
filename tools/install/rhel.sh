#!/usr/bin/env bash
# Proves the RPM as far as that goes without a RHEL: rpmbuild makes it for python3.12; dnf finds what
# it requires, and installs it; vmfex certifies; rpm verifies it; dnf removes it, and all that it had.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=tools/install/rhel_root.sh
. "$here/rhel_root.sh"
python=$(python_of 3.12)
[ -n "$python" ] || fail "no Python 3.12 is here, for which the RPM is"

empty bash libvirt-libs openssh-clients python3.12 # bash: RHEL's /bin/sh, for what ends the RPM
PYTHON=$python quietly "$here/rpm.sh" "$there/repository"
rpm=$(echo "$there"/repository/vmfex-*.rpm)
proved "rpmbuild: $(basename "$rpm"), $(megabytes "$rpm")"
quietly createrepo_c "$there/repository"

# The Python itself is this machine's, at its own place and by the name that RHEL gives it.
prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
mkdir -p "$there$prefix"
cp -a "$prefix/." "$there$prefix"
ln -s "$prefix/bin/python3.12" "$there/usr/bin/python3.12"
export HOME=/root
quietly inside "$there" dnf install --assumeyes vmfex
quietly inside "$there" rpm --query python3.12 libvirt-libs openssh-clients vmfex
quietly inside "$there" /usr/bin/vmfex certify reference --quiet --out /root/out
same_as_checkouts "$there/root/out/certification.json"
quietly inside "$there" rpm --verify vmfex
quietly inside "$there" dnf remove --assumeyes vmfex
[ ! -e "$there/usr/lib/vmfex" ] || fail "removing the RPM left $(find "$there/usr/lib/vmfex" -type f | head -n 3)"
proved "dnf install and remove: with python3.12 the record is the checkout's"
