#!/bin/sh
# Usage: tools/setup.sh certify|test
# Installs what is missing for that goal, and nothing when nothing is. Progress goes to stderr.
set -eu
goal=${1:-}
case $goal in certify | test) ;; *) echo "usage: tools/setup.sh certify|test" >&2; exit 2 ;; esac
cd "$(dirname "$0")/.."
log=.setup/log

say() { echo "set-up: $*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command into the log, under a title; what failed ends the set-up with the log's end.
step() {
    say "$1"
    shift
    "$@" >>"$log" 2>&1 </dev/null 9>&- && return
    tail -n 12 "$log" >&2
    fail "that failed; the whole output is in $PWD/$log"
}

# What the environment was made from, and where: a moved folder needs a new one.
digest() { { pwd; cat "$@"; } | sha256sum; }
environment_inputs="requirements.lock requirements-build.lock pyproject.toml tools/setup.sh"
generator=reports/allure/generator
ready_digest() { digest $environment_inputs tools/system.sh $generator/package-lock.json; }
has_stamp() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
is_ready() {
    [ -x .venv/bin/python ] && has_generator &&
        { [ "$goal" = certify ] || { has_readers && has_contrib && has_lab; }; } &&
        has_stamp ".venv/ready-$goal" "$(ready_digest)"
}

make_environment() {
    python=$(find_python) || fail "no Python 3.11 or newer with venv and headers was found"
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    pip=".venv/bin/python -m pip install --no-input"
    step "making .venv with $python" "$python" -m venv --clear .venv
    step "installing the build tools" $pip --require-hashes --requirement requirements-build.lock
    step "installing the locked packages" $pip --require-hashes --no-build-isolation --requirement requirements.lock
    step "installing vmfex" $pip --no-index --no-deps --no-build-isolation --editable .
    digest $environment_inputs >.venv/made
}

has_generator() { has_stamp $generator/node_modules/made "$(digest $generator/package-lock.json)"; }
make_generator() {
    has_generator && return
    if (step "installing the generator of the HTML report" .venv/bin/vmfex install-html); then
        digest $generator/package-lock.json >$generator/node_modules/made
    else
        rm -rf $generator/node_modules
        return 1
    fi
}

readers_inputs="tools/readers.sh requirements-readers.lock tests/reports/formats/readers/package-lock.json
    tests/reports/junit_reader/package-lock.json"
has_readers() { has_stamp .setup/readers/made "$(digest $readers_inputs)"; }
make_readers() {
    has_readers && return
    (step "fetching the readers that reports are held against" tools/readers.sh) &&
        digest $readers_inputs >.setup/readers/made
}

contrib_inputs="tools/contrib.sh requirements-contrib.lock tests/contrib/linters/package-lock.json"
has_contrib() { has_stamp .setup/contrib/made "$(digest $contrib_inputs)"; }
make_contrib() {
    has_contrib && return
    (step "fetching what contrib/ is tested with" tools/contrib.sh) &&
        digest $contrib_inputs >.setup/contrib/made
}

has_lab() { has_stamp .setup/lab/made "$(digest tools/lab.sh)"; }
make_lab() {
    has_lab && return
    (step "fetching the lab's kernel and QEMU" tools/lab.sh) && digest tools/lab.sh >.setup/lab/made
}

is_ready && exit 0
mkdir -p .setup
exec 9>.setup/lock
! command -v flock >/dev/null || flock 9
is_ready && exit 0
: >"$log"

# shellcheck source=tools/system.sh
. tools/system.sh
set_up_system
{ [ -x .venv/bin/python ] && has_stamp .venv/made "$(digest $environment_inputs)"; } || make_environment
if ! make_generator; then
    say "without that generator there is no HTML report; everything else works"
    exit 0
fi
ready_digest >.venv/ready-certify
[ "$goal" = test ] || exit 0
if ! make_readers; then
    say "without them the tests that read reports as others do cannot run"
    exit 0
fi
if ! make_contrib; then
    say "without it the tests of contrib/ cannot run"
    exit 0
fi
if ! make_lab; then
    say "without them the tests in the lab cannot run"
    exit 0
fi
ready_digest >.venv/ready-test
