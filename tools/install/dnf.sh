#!/usr/bin/env bash
# Proves `make certify` on RHEL's side as far as that goes without one: from a clone in which nothing
# is set up, dnf installs the system packages that set-up asks for by RHEL's names.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=tools/install/rhel_root.sh
. "$here/rhel_root.sh"

empty gcc pkgconf-pkg-config libvirt-devel
quietly createrepo_c "$there/repository"
lend "$there"
git clone --quiet "$root" "$there/root/clone"
export HOME=/root
quietly inside "$there" make -C /root/clone certify OUT=/root/made
quietly inside "$there" rpm --query gcc pkgconf-pkg-config libvirt-devel
same_as_checkouts "$there/root/made/certification.json"
[ -s "$there/root/made/report.html" ] || fail "make certify made no report.html"
proved "make certify where dnf installs what is missing: the record is the checkout's, Allure's page is there"
