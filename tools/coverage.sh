#!/bin/sh
# Usage: tools/coverage.sh checks|all FLOOR [pytest's words ...]
# Runs tests, in as many processes as there are cores, and measures lines and branches: of the room
# checks/ alone, or of all of the program. Fails where a test does, or where less than FLOOR per cent
# was run.
set -eu
cd "$(dirname "$0")/.."
room=$1 floor=$2
shift 2
case $room in checks) set -- --include='checks/*' -- "$@" ;; all) set -- --include='*' -- "$@" ;; esac
of=$1
shift 2
python="$PWD/.venv/bin/python"
data=build/coverage/$room
rm -rf "$data"
mkdir -p "$data"

"$python" -m coverage run --data-file="$data/data" -m pytest --numprocesses auto "$@"
"$python" -m coverage combine --quiet --data-file="$data/data"
[ "$room" = checks ] || "$python" -m coverage html --quiet --data-file="$data/data"
"$python" -m coverage report --data-file="$data/data" "$of" --skip-covered --fail-under="$floor" >"$data/report" || {
    cat "$data/report" >&2
    echo "the tests run less than $floor per cent of it (lines and branches)" >&2
    exit 1
}
echo "coverage of $room: $(tail -n 3 "$data/report" | grep -o '[0-9]*%') (at least $floor%; $data/report)"
