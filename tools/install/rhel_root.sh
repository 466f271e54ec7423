# shellcheck shell=bash disable=SC2154
# Sourced by the proofs of RHEL's side: a root of Debian's packages that says of itself that it is
# RHEL 9, with real dnf and rpm, and a repository. What dnf gives of RHEL's own is empty: names,
# versions and dependencies are what is proved.
for program in rpmbuild createrepo_c; do
    command -v $program >/dev/null || fail "$program is missing: apt-get install rpm createrepo-c"
done
there=$work/root
make_root bookworm "$there" \
    dnf,rpm,make,gcc,libc6-dev,pkg-config,libvirt-dev,python3-venv,python3-dev,ca-certificates
cat >"$there/etc/os-release" <<'RELEASE'
NAME="Red Hat Enterprise Linux"
VERSION="9.4 (Plow)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="9.4"
PLATFORM_ID="platform:el9"
RELEASE
rm -f "$there"/usr/bin/apt-get "$there"/usr/bin/apt
mkdir -p "$there/repository" "$there/etc/yum.repos.d"
cat >"$there/etc/yum.repos.d/here.repo" <<'REPO'
[here]
name=here
baseurl=file:///repository
gpgcheck=0
REPO

# Puts empty packages by these names into the repository.
empty() {
    local name
    for name; do
        cat >"$work/empty.spec" <<SPEC
Name: $name
Version: 1
Release: 1
Summary: Nothing
License: none
BuildArch: noarch
$([ "$name" != bash ] || echo "Provides: /bin/sh")
%description
%files
SPEC
        quietly rpmbuild -bb --define "_topdir $work/empty" --define "_rpmdir $there/repository" \
            "$work/empty.spec"
    done
}
