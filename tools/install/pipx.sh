#!/usr/bin/env bash
# Proves `pipx install`, and that an extra comes in later: the generator of Allure's page with it.
# shellcheck source=tools/install/common.sh
. "$(dirname "$0")/common.sh"
wheel=$(wheel)
python3 -m venv "$work/pipx"
quietly "$work/pipx/bin/pip" install --quiet pipx
program=$HOME/.local/bin/vmfex

quietly "$work/pipx/bin/pipx" install "$wheel"
same_record "$program"
tool=$("$work/pipx/bin/pipx" environment --value PIPX_LOCAL_VENVS)/vmfex
proved "pipx install: the record is the checkout's; $(megabytes "$tool") installed"

quietly "$work/pipx/bin/pipx" install --force "${wheel}[html]"
quietly "$program" install-html
cd "$work"
quietly "$program" certify reference --quiet --html --out "$work/page"
[ -s "$work/page/report.html" ] || fail "no report.html was made"
proved "pipx install 'vmfex[html]' and vmfex install-html: Allure's page is made; $(megabytes "$tool")"
