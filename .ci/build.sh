#!/usr/bin/env bash
# build.sh [all]   leaves the program at artifacts/spanmetrics/spanmetrics; with "all" builds the tests and benchmarks too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

what=processor/SpanMetrics.csproj
if [ "${1:-}" = all ]; then what=SpanMetrics.sln; fi
quiet=(-nologo -v quiet -clp:NoSummary)

dotnet restore "$what" --locked-mode "${quiet[@]}"
dotnet build "$what" -c Release --no-restore "${quiet[@]}"
dotnet publish processor/SpanMetrics.csproj -c Release --no-build -o artifacts/spanmetrics "${quiet[@]}"
