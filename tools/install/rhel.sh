#!/usr/bin/env bash
# Proves the side of RHEL as far as that goes without one: a root of Debian's packages that says of
# itself that it is RHEL 9, with real dnf and rpm, and a repository of packages. There
#   1. dnf installs the RPM, for python3.12, and what it requires, and vmfex certifies;
#   2. `make certify`, from a clone in which nothing is set up, has dnf install what is missing.
# What dnf gives of RHEL's own is empty: names, versions and dependencies are what is proved.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
for program in rpmbuild createrepo_c; do
    command -v $program >/dev/null || fail "$program is missing: apt-get install rpm createrepo-c"
done
python=$(python_of 3.12)
[ -n "$python" ] || fail "no Python 3.12 is here, for which the RPM is"

make_root bookworm "$work/root" \
    dnf,rpm,make,gcc,libc6-dev,pkg-config,libvirt-dev,python3-venv,python3-dev,ca-certificates
there=$work/root
cat >"$there/etc/os-release" <<'RELEASE'
NAME="Red Hat Enterprise Linux"
VERSION="9.4 (Plow)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="9.4"
PLATFORM_ID="platform:el9"
RELEASE
rm -f "$there"/usr/bin/apt-get "$there"/usr/bin/apt

# Empty packages by the names of RHEL's, and the real one of ours.
empty() {
    cat >"$work/empty.spec" <<SPEC
Name: $1
Version: 1
Release: 1
Summary: Nothing
License: none
BuildArch: noarch
%description
%files
SPEC
    quietly rpmbuild -bb --define "_topdir $work/empty" --define "_rpmdir $there/repository" "$work/empty.spec"
}
for name in gcc pkgconf-pkg-config libvirt-devel libvirt-libs openssh-clients python3.12 python3.12-devel; do
    empty "$name"
done
PYTHON=$python quietly "$here/rpm.sh" "$there/repository"
rpm=$(echo "$there"/repository/vmfex-*.rpm)
proved "rpmbuild: $(basename "$rpm"), $(megabytes "$rpm")"
quietly createrepo_c "$there/repository"
mkdir -p "$there/etc/yum.repos.d"
cat >"$there/etc/yum.repos.d/here.repo" <<'REPO'
[here]
name=here
baseurl=file:///repository
gpgcheck=0
REPO

# The Python itself is this machine's, at its own place and by the name that RHEL gives it.
prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
mkdir -p "$there$prefix"
cp -a "$prefix/." "$there$prefix"
ln -s "$prefix/bin/python3.12" "$there/usr/bin/python3.12"
quietly inside "$there" dnf install --assumeyes vmfex
quietly inside "$there" rpm --query python3.12 libvirt-libs openssh-clients vmfex
quietly inside "$there" /usr/bin/vmfex certify reference --quiet --out /root/out
same_as_checkouts "$there/root/out/certification.json"
quietly inside "$there" rpm --verify vmfex
quietly inside "$there" dnf remove --assumeyes vmfex
[ ! -e "$there/usr/lib/vmfex" ] || fail "removing the RPM left /usr/lib/vmfex"
proved "dnf install and remove: with python3.12 the record is the checkout's"
rm "$there/usr/bin/python3.12"

# What the registries need of this machine's configuration comes along.
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt /etc/pip.conf /etc/xdg/pip; do
    [ ! -e "$file" ] || cp -a --dereference --parents "$file" "$there"
done
[ ! -f "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$there/root"
git clone --quiet "$root" "$there/root/clone"
began=$(date +%s)
HOME=/root quietly inside "$there" make -C /root/clone certify OUT=/root/made
asked=$(inside "$there" rpm --query gcc pkgconf-pkg-config libvirt-devel | wc -l)
[ "$asked" = 3 ] || fail "dnf did not install what make certify asked for"
same_as_checkouts "$there/root/made/certification.json"
[ -s "$there/root/made/report.html" ] || fail "make certify made no report.html"
proved "make certify where dnf installs what is missing: the record is the checkout's"
