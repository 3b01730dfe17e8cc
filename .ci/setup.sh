#!/usr/bin/env bash
# source .ci/setup.sh demo|test   brings what the target needs; exports where the parts are.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${1:?usage: setup.sh demo|test}
parts=${SPANMETRICS_SHARED:-$root/../shared}
cache=${XDG_CACHE_HOME:-${HOME:?set HOME or XDG_CACHE_HOME}/.cache}/spanmetrics
mkdir -p "$cache"

note() { echo "spanmetrics: $*" >&2; }

need_dotnet() {
  command -v dotnet > /dev/null || {
    note 'the .NET SDK 10 is missing; install it (https://dotnet.microsoft.com/download) and put dotnet on the PATH'
    exit 1
  }
  (cd "$root" && dotnet --version) > /dev/null 2>&1 || {
    note "global.json asks for a .NET SDK that is not here: $(tr -d '\n' < "$root/global.json")"
    note "installed: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '). Install a newer .NET SDK 10."
    exit 1
  }
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
  # A program's host looks for the runtime in the system's folders only, not beside the dotnet on the PATH.
  local home
  home=$(dirname "$(readlink -f "$(command -v dotnet)")")
  if [ -z "${DOTNET_ROOT:-}" ] && [ -d "$home/shared/Microsoft.NETCore.App" ]; then export DOTNET_ROOT=$home; fi
  # Build servers that outlive the build would hold the pipe to whoever reads CI's output.
  if [ "${CI:-}" = true ]; then export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false; fi
}

# unpack_debian FOLDER PACKAGE PROGRAM [SUITE]   SUITE: of Debian, where the machine's own package is not the version wanted.
# promtool is a package of its own since Debian 13. The Debian packages start a service when installed. Unpacked they do not, and need no root either.
unpack_debian() (
  folder=$cache/$1 package=$2 program=$3 suite=${4:-}
  exec 9> "$folder.lock"
  flock 9
  [ ! -x "$folder/usr/bin/$program" ] || exit 0
  command -v apt-get > /dev/null || exit 1
  tmp=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  note "fetching $package${suite:+ of Debian $suite}"
  cd "$tmp"
  mkdir -p state/lists/partial cache/archives/partial
  own=(-qq -o Dir::State="$tmp/state" -o Dir::Cache="$tmp/cache" -o Dir::State::status=/var/lib/dpkg/status)
  if [ -n "$suite" ]; then
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" > sources.list
    : > status
    own+=(-o Dir::Etc::SourceList="$tmp/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::status="$tmp/status")
  fi
  {
    { [ -z "$suite" ] && apt-get -qq download "$package"; } ||
      { apt-get "${own[@]}" update && apt-get "${own[@]}" download "$package"; }
    if [ "$package" = prometheus ]; then
      { [ -z "$suite" ] && apt-get -qq download promtool; } || apt-get "${own[@]}" download promtool || true
    fi
    for deb in ./*.deb; do dpkg-deb -x "$deb" unpacked; done
    "unpacked/usr/bin/$program" --version || "unpacked/usr/bin/$program" version
  } > log 2>&1 9>&- || { tail -n 5 log >&2; exit 1; }
  mv unpacked "$folder"
)

# find_part VARIABLE FOLDER PACKAGE PROGRAM [SUITE]   leaves the program's path in VARIABLE, from the variable, the path or Debian.
find_part() {
  local variable=$1 folder=$2 package=$3 program=$4 suite=${5:-} found=
  if [ -n "${!variable:-}" ]; then export "${variable?}"; return 0; fi
  [ -n "$suite" ] || found=$(command -v "$program" || true)
  [ -n "$found" ] || found=$cache/$folder/usr/bin/$program
  [ -x "$found" ] || unpack_debian "$folder" "$package" "$program" "$suite" ||
    { note "$variable: $package could not be fetched; going on without it"; return 0; }
  export "$variable=$found"
}

# beside VARIABLE PROGRAM NAME   the tool that comes with a program.
beside() {
  local variable=$1 program=$2 tool
  if [ -z "${!variable:-}" ]; then
    [ -n "${!program:-}" ] || return 0
    tool=$(dirname "${!program}")/$3
    [ -x "$tool" ] || return 0
    printf -v "$variable" %s "$tool"
  fi
  export "${variable?}"
}

find_prometheus() {
  find_part PROMETHEUS prometheus prometheus prometheus
  beside PROMTOOL PROMETHEUS promtool
}

# Debian's Alertmanager reads its default templates from where the package has them, and from nowhere else.
find_alertmanager() {
  find_part ALERTMANAGER alertmanager prometheus-alertmanager prometheus-alertmanager
  beside AMTOOL ALERTMANAGER amtool
  local templates=/usr/share/prometheus/alertmanager as_root=()
  if [ "${ALERTMANAGER:-}" != "$cache/alertmanager/usr/bin/prometheus-alertmanager" ] || [ -e $templates/default.tmpl ]; then return 0; fi
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  "${as_root[@]}" install -D -m 644 -t $templates "$cache/alertmanager$templates"/*.tmpl 2> /dev/null || {
    note "its templates could not be put into $templates without root; going on without Alertmanager"
    unset ALERTMANAGER
  }
}

# Rules are evaluated on these too. 2.53 is what Debian 13 has; sid moves, and has some 3.x.
find_other_prometheus() {
  find_part PROMETHEUS_2_53 prometheus-trixie prometheus prometheus trixie
  find_part PROMETHEUS_3 prometheus-sid prometheus prometheus sid
}

# What reads the files of compose/ without a Docker engine or a cluster; both of Debian 13.
find_readers() {
  find_part DOCKER_COMPOSE docker-compose docker-compose docker-compose trixie
  find_part KUSTOMIZE kustomize kustomize kustomize trixie
  find_npm KUBERNETES_MODELS kubernetes "the schemas of Kubernetes' objects, of KEDA's and of the Prometheus operator's"
}

# DIR: where to, made of tests/NAME's lock file; NAME.
install_npm() (
  command -v npm > /dev/null || "$root/.ci/packages.sh" npm || exit 1
  tmp=$(mktemp -d "$1.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  cp "$root/tests/$2"/package*.json "$tmp"
  note "fetching the packages of tests/$2"
  npm ci --prefix "$tmp" --ignore-scripts --no-audit --no-fund > "$tmp/log" 2>&1 || { tail -n 5 "$tmp/log" >&2; exit 1; }
  mv -T "$tmp" "$1" || [ -d "$1" ] # another run may have been faster
)

# VARIABLE NAME LACKING: the packages of tests/NAME, or what goes on without them.
find_npm() {
  if [ -z "${!1:-}" ]; then
    declare -g "$1=$cache/$2-$(sha256sum "$root/tests/$2/package-lock.json" | cut -c1-12)"
    [ -d "${!1}" ] || install_npm "${!1}" "$2" || declare -g "$1="
  fi
  if [ -n "${!1}" ]; then export "${1?}"; else note "no $1; going on without $3"; fi
}

java_major() {
  { "${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 || true; } | sed -n 's/.* version "\([0-9]*\).*/\1/p;' | head -n 1
}

find_kafka() {
  if [ -z "${KAFKA_HOME:-}" ] && [ -x "$parts/kafka/start.sh" ]; then KAFKA_HOME=$(cd "$parts/kafka" && pwd); fi
  if [ -z "${KAFKA_HOME:-}" ]; then note 'no KAFKA_HOME; going on without Apache Kafka'; return 0; fi
  local major
  major=$(java_major)
  if [ "${major:-0}" -lt 17 ] &&
    ! "$root/.ci/packages.sh" 'openjdk-17-jre-headless|openjdk-21-jre-headless|openjdk-25-jre-headless'; then
    note 'Java 17 is missing; going on without Apache Kafka'
    unset KAFKA_HOME
    return 0
  fi
  export KAFKA_HOME
}

unpack_otelcol() {
  command -v xz > /dev/null || "$root/.ci/packages.sh" xz-utils || return 1
  xz -dc "$parts/otelcol/otelcol.xz" > "$OTELCOL.$$" && chmod +x "$OTELCOL.$$" && mv "$OTELCOL.$$" "$OTELCOL"
}

find_otelcol() {
  if [ -z "${OTELCOL:-}" ] && [ -f "$parts/otelcol/otelcol.xz" ] && [ "$(uname -m)" = x86_64 ]; then
    OTELCOL=$cache/otelcol-$(sha256sum "$parts/otelcol/otelcol.xz" | cut -c1-12)
    [ -x "$OTELCOL" ] || unpack_otelcol || OTELCOL=
  fi
  if [ -n "${OTELCOL:-}" ]; then export OTELCOL; else note 'no OTELCOL; going on without an OpenTelemetry Collector'; fi
}

find_chromium() {
  if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || true)
    if [ -z "$CHROMIUM" ] && "$root/.ci/packages.sh" chromium; then CHROMIUM=$(command -v chromium || true); fi
  fi
  if [ -n "$CHROMIUM" ]; then export CHROMIUM; else note 'no CHROMIUM; going on without a browser'; fi
}

# What tells whether everybody can read the page. Under its own licence (MPL-2.0), so it is fetched and not kept here.
fetch_axe() (
  command -v npm > /dev/null || "$root/.ci/packages.sh" npm || exit 1
  tmp=$(mktemp -d "$cache/axe.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  cd "$tmp"
  { npm pack --silent "axe-core@$axe_version" && tar -xzf axe-core-*.tgz package/axe.min.js; } > log 2>&1 || { tail -n 5 log >&2; exit 1; }
  mv package/axe.min.js "$AXE_CORE"
)

find_axe() {
  local axe_version=4.14.1
  if [ -z "${AXE_CORE:-}" ]; then
    AXE_CORE=$cache/axe-$axe_version.min.js
    [ -f "$AXE_CORE" ] || fetch_axe || AXE_CORE=
  fi
  if [ -n "$AXE_CORE" ]; then export AXE_CORE; else note 'no AXE_CORE; going on without checks for accessibility'; fi
}

need_dotnet
"$root/processor/native/librdkafka.sh" "$root/artifacts/native/librdkafka.so"
find_prometheus
if [ "$target" != demo ]; then find_alertmanager; fi
if [ "$target" = check ]; then find_readers; fi
if [ "$target" = test ]; then
  find_other_prometheus
  find_kafka
  find_otelcol
  find_chromium
  find_axe
  find_npm GRAFANA_TYPES grafana 'the schema of dashboards' # Grafana's types of them, and what makes schemas of types
fi
