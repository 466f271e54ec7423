#!/usr/bin/env bash
# Usage: tools/install/pex.sh [FILE]
# Builds the one file for hosts without a network (build/vmfex.pex), and proves it: alone, without a
# network, with no package of Python's beside it. PYTHON chooses for which Python (python3).
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
python=${PYTHON:-$(command -v python3)}
file=${1:-$root/build/vmfex.pex}
mkdir -p "$(dirname "$file")"
quietly "$here/wheelhouse.sh" "$python" "$work/wheels"
quietly "$python" -m venv "$work/pex"
quietly "$work/pex/bin/pip" install --quiet pex
quietly "$work/pex/bin/pex" --no-pypi --find-links "$work/wheels" --no-build --venv \
    --console-script vmfex --output-file "$file" 'vmfex[local,pdf,ucsm]'
mkdir "$work/carried"
cp "$file" "$work/carried/vmfex.pex"
rm -rf "$work/wheels" "$work/pex"
same_record unshare --net "$python" "$work/carried/vmfex.pex"
proved "pex: without a network the record is the checkout's; $(megabytes "$file") in one file"
