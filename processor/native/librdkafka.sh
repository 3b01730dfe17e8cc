#!/usr/bin/env bash
# librdkafka.sh OUT   leaves librdkafka at OUT: from the cache, the NuGet package, or its sources.
set -euo pipefail

version=2.15.1
npm_package=@confluentinc/kafka-javascript@1.10.1   # carries the sources of librdkafka 2.15.1
npm_sha256=ada7d703bb1d3237e2292bfabf438d663b6160c9f1ac2a2406b5dc4257c81b66

out=${1:?usage: librdkafka.sh OUT}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
arch=$(uname -m)
cache=${XDG_CACHE_HOME:-${HOME:?librdkafka.sh needs HOME or XDG_CACHE_HOME}/.cache}/spanmetrics
cached=$cache/librdkafka-$version-$arch.so
mkdir -p "$cache"

# One build at a time; a second one finds the cache filled.
exec 9> "$cache/librdkafka.lock"
flock 9

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A cache can be shared between machines, and the NuGet build wants libraries that a system may lack.
usable() {
  [ -s "$1" ] && ! ldd "$1" 2>&1 | grep -q -e 'not found' -e 'not a dynamic' &&
    grep -aq ZSTD "$1" && ! grep -aq 'libzstd not available' "$1"
}

put() {
  cp "$1" "$2.$$"
  chmod 644 "$2.$$"
  mv -f "$2.$$" "$2"
}

quietly() {
  "$@" > "$tmp/log" 2>&1 9>&- || {
    tail -n 30 "$tmp/log" >&2
    echo "librdkafka.sh: failed: $*" >&2
    return 1
  }
}

from_nuget() {
  local rid
  case $arch in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) return 1 ;; esac
  command -v dotnet > /dev/null || return 1
  mkdir "$tmp/nuget"
  cat > "$tmp/nuget/get.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="librdkafka.redist" Version="[$version]" /></ItemGroup>
</Project>
XML
  (cd "$tmp/nuget" && NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout 120 dotnet restore get.csproj \
    --packages "$tmp/nuget/packages" --disable-build-servers -p:NuGetAudit=false -p:ImportDirectoryBuildProps=false \
    -p:ImportDirectoryBuildTargets=false -p:ImportDirectoryPackagesProps=false) > "$tmp/log" 2>&1 9>&- || return 1
  library=$tmp/nuget/packages/librdkafka.redist/$version/runtimes/$rid/native/librdkafka.so
}

has_header() { gcc -E -include "$1" -x c /dev/null > /dev/null 2>&1; }

from_sources() {
  local missing=()
  command -v gcc > /dev/null || missing+=(gcc)
  command -v make > /dev/null || missing+=(make)
  command -v python3 > /dev/null || missing+=(python3)
  command -v npm > /dev/null || missing+=(npm)
  has_header stdio.h || missing+=(libc6-dev)
  has_header openssl/ssl.h || missing+=(libssl-dev)
  has_header zlib.h || missing+=(zlib1g-dev)
  has_header zstd.h || missing+=(libzstd-dev)
  [ ${#missing[@]} = 0 ] || "$here/../../.ci/packages.sh" "${missing[@]}" 9>&-

  echo "librdkafka $version: building from its sources, about a minute" >&2
  cd "$tmp"
  # `npm pack` only downloads; an install would run the package's own scripts.
  quietly npm pack --silent "$npm_package"
  echo "$npm_sha256  $(ls ./*.tgz)" | quietly sha256sum -c
  tar xzf ./*.tgz package/deps/librdkafka
  cd package/deps/librdkafka
  chmod +x configure configure.self lds-gen.py
  # Only the C library is built, but configure insists on some C++ compiler.
  quietly env CXX=gcc ./configure --disable-gssapi --disable-curl --disable-debug-symbols
  quietly env -u MAKEFLAGS make -j"$(nproc)" -C src librdkafka.so.1
  strip -S -o librdkafka.so src/librdkafka.so.1
  library=$PWD/librdkafka.so
}

if ! usable "$cached"; then
  if ! { from_nuget && usable "$library"; }; then
    from_sources
  fi
  usable "$library" || {
    echo "librdkafka.sh: the library built here has no zstd, or a library that it needs is missing:" >&2
    ldd "$library" >&2
    exit 1
  }
  put "$library" "$cached"
fi
cmp -s "$cached" "$out" || put "$cached" "$out"   # an untouched file keeps the build incremental
