#!/usr/bin/env bash
# Proves `uv tool install`: from the wheel, into a home in which nothing is, by uv itself.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
wheel=$(wheel)
python3 -m venv "$work/uv"
quietly "$work/uv/bin/pip" install --quiet uv

quietly "$work/uv/bin/uv" tool install "$wheel"
same_record "$HOME/.local/bin/vmfex"
tool=$("$work/uv/bin/uv" tool dir)/vmfex
proved "uv tool install: the record is the checkout's; $(megabytes "$tool") installed"
