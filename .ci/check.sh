#!/usr/bin/env bash
# check.sh   everything that can be found wrong without running a test; goes through all of it, then fails.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/setup.sh" check
cd "$root"
shopt -s nullglob
failures=0

check() {
  local output
  echo "check: $*"
  if output=$("$@" 2>&1); then grep '^WARNING' <<< "$output" || true; return 0; fi
  failures=$((failures + 1))
  printf '%s\ncheck: FAILED: %s\n' "$output" "$*" >&2
}

missing() {
  if [ "${CI:-}" = true ]; then check "$1" --version; else note "not checked, $1 is missing: $2"; fi
}

scripts=(.ci/run .ci/*.sh processor/native/*.sh rules/*.sh)
for script in "${scripts[@]}"; do check bash -n "$script"; done
if command -v shellcheck > /dev/null; then check shellcheck -x -P SCRIPTDIR "${scripts[@]}"; fi

for file in compose/*.yml; do
  grep -q '^scrape_configs:' "$file" || continue
  if [ -n "${PROMTOOL:-}" ]; then check "$PROMTOOL" check config "$file"; else missing promtool "$file"; fi
done
if [ -n "${PROMTOOL:-}" ]; then check "$PROMTOOL" check rules --lint=all --lint-fatal rules/*.yml; else missing promtool 'rules/*.yml'; fi
if [ -n "${AMTOOL:-}" ]; then check "$AMTOOL" check-config compose/alertmanager.yml; else missing amtool compose/alertmanager.yml; fi

# Names, kinds and mounts are the compose file's own matter; that what is mounted is there, and fits, is a test's (ComposeTests).
if [ -n "${DOCKER_COMPOSE:-}" ]; then check "$DOCKER_COMPOSE" -f compose/compose.yaml config -q; else missing docker-compose compose/compose.yaml; fi

manifests_fit() { "$@" | node "$KUBERNETES_MODELS/check.mjs"; }
if [ -n "${KUBERNETES_MODELS:-}" ]; then
  cp tests/kubernetes/check.mjs "$KUBERNETES_MODELS" # it looks for packages beside itself
  if [ -n "${KUSTOMIZE:-}" ]; then check manifests_fit "$KUSTOMIZE" build compose/kubernetes; else missing kustomize compose/kubernetes; fi
  check manifests_fit rules/kubernetes.sh --namespace spanmetrics
else
  missing kubernetes-models 'compose/kubernetes, rules/kubernetes.sh'
fi

# The analyzers run as part of the build.
check "$here/build.sh" all
for file in compose/spanmetrics*.yml compose/kubernetes/spanmetrics.yml; do check artifacts/spanmetrics/spanmetrics check --config "$file"; done
check artifacts/bin/SpanMetrics.Perf/release/SpanMetrics.Perf budgets # a few seconds; its warnings are shown
check dotnet format SpanMetrics.sln --verify-no-changes --no-restore

[ "$failures" = 0 ] || { echo "check: $failures failed" >&2; exit 1; }
