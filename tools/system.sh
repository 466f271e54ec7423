# shellcheck shell=sh
# Sourced by setup.sh: which system packages the goal lacks, and their installation.

# The packages' names in the two families that are supported. `browser` is for the report's tests
# alone and is not in every distribution: without it those tests say so.
if command -v apt-get >/dev/null; then
    manager="apt-get install --yes --no-install-recommends"
    building="gcc libc6-dev pkg-config libvirt-dev"
    interpreter="python3 python3-venv python3-dev"
    testing="libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 iproute2 strace"
    testing="$testing busybox-static kmod pciutils seabios udev" # the lab's
    testing="$testing dash shellcheck sosreport xz-utils" # the capture script's, with busybox
    testing="$testing openssh-server openssh-client netcat-openbsd sudo" # what is elsewhere
    testing="$testing poppler-utils" # what a PDF says
elif command -v dnf >/dev/null; then
    manager="dnf install --assumeyes"
    building="gcc pkgconf-pkg-config libvirt-devel"
    interpreter="python3.12 python3.12-devel"
    testing="libvirt-daemon libvirt-daemon-driver-qemu libvirt-client qemu-kvm iproute strace sos"
    testing="$testing openssh-server openssh-clients nmap-ncat sudo" # what is elsewhere
    testing="$testing poppler-utils" # what a PDF says
else
    manager=""
fi
browser=chromium

is_installed() {
    case $manager in
        apt-get*) [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
        *) rpm --query --whatprovides "$1" >/dev/null 2>&1 ;;
    esac
}

# Prints the first Python on the PATH that can make the virtual environment and that has headers.
# A version manager's stand-in for a version that it does not have fails here, and the next is tried.
find_python() (
    IFS=:
    for folder in $PATH; do
        for name in python3 python3.13 python3.12 python3.11; do
            if "$folder/$name" - 2>/dev/null <<'PYTHON'; then
import ensurepip, pathlib, sys, sysconfig, venv
header = pathlib.Path(sysconfig.get_path("include"), "Python.h")
sys.exit(sys.version_info < (3, 11) or not header.is_file())
PYTHON
                echo "$folder/$name"
                return
            fi
        done
    done
    return 1
)

# Prints the packages that the goal lacks, on one line.
missing_packages() {
    wanted=$building
    find_python >/dev/null || wanted="$wanted $interpreter"
    [ "$goal" = certify ] || wanted="$wanted $testing"
    missing=""
    for package in $wanted; do
        is_installed "$package" || missing="${missing:+$missing }$package"
    done
    echo "$missing"
}

install_packages() {
    case $manager in
        apt-get*) DEBIAN_FRONTEND=noninteractive apt-get update && DEBIAN_FRONTEND=noninteractive $manager "$@" ;;
        *) $manager "$@" ;;
    esac
}

# Installs what the goal lacks; says in one sentence what to do where it cannot.
set_up_system() {
    if [ -z "$manager" ]; then
        say "neither apt-get nor dnf is here: system packages are not checked"
        return
    fi
    packages=$(missing_packages)
    if [ -n "$packages" ]; then
        [ "$(id -u)" = 0 ] || fail "system packages are missing, install them with: sudo $manager $packages"
        # shellcheck disable=SC2086 # one word a package
        step "installing system packages: $packages" install_packages $packages
    fi
    if [ "$goal" = certify ] || is_installed $browser; then
        return
    fi
    if [ "$(id -u)" != 0 ] || ! (step "installing $browser" install_packages $browser); then
        say "$browser is not installed: the tests that need a browser cannot run"
    fi
}
