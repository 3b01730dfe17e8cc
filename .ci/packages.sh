#!/usr/bin/env bash
# packages.sh PACKAGE...   installs Debian packages; of "a|b" the first one that this system has.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

give_up() {
  echo "spanmetrics: $1: ${wanted[*]//|/ or }" >&2
  exit 1
}

wanted=("$@")
command -v apt-get > /dev/null || give_up 'there is no apt-get here; install what these Debian packages hold'
as_root=()
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2> /dev/null || give_up 'neither root nor sudo without a password; install these Debian packages'
  as_root=(sudo -n)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >> "$log" 2>&1
}

first_known() {
  local choice
  for choice in ${1//|/ }; do
    if apt-get -qq -s install "$choice" > /dev/null 2>&1; then break; fi
  done
  echo "$choice"
}

install() {
  local names=() name
  for name in "${wanted[@]}"; do names+=("$(first_known "$name")"); done
  apt install -y --no-install-recommends "${names[@]}"
}

echo "spanmetrics: installing ${wanted[*]//|/ or }" >&2
# The package lists are fetched only when those at hand do not do; a fresh container has none.
install || { apt update && install; } || {
  tail -n 20 "$log" >&2
  give_up 'apt-get could not install these Debian packages'
}
