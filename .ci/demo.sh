#!/usr/bin/env bash
# demo.sh [OPTION]...   sets up, builds, and runs the demo until Ctrl-C.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/setup.sh" demo
"$here/build.sh"
program=("$root/artifacts/spanmetrics/spanmetrics" demo "$@")

read -r _ _ _ _ group _ _ foreground _ < "/proc/$$/stat"
[ "$group" = "$foreground" ] || exec "${program[@]}"

# On a terminal the program gets a process group of its own: make fails on any Ctrl-C that reaches it,
# even when the program ended well. When this shell is killed the program still hears of it.
set -m
status=0
setpriv --pdeathsig TERM "${program[@]}" || status=$?
exit "$status"
