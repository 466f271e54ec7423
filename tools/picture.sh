#!/bin/sh
# Makes docs/certificate.png anew, the README's picture: the head of the reference host's certificate,
# as Chromium shows it.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/vmfex certify reference --quiet --out "$folder/out" >/dev/null
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1020,600 \
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$folder/user" \
    --screenshot="$PWD/docs/certificate.png" "file://$folder/out/certificate.html" 2>/dev/null
ls -l docs/certificate.png
