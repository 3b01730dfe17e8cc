#!/usr/bin/env bash
# test.sh [OPTION OF THE RUNNER]...   sets up, builds, runs every test; the counts are the last line, whatever happens.
set -euo pipefail

passed=0 failed=1 skipped=0
trap 'echo "$passed passed, $failed failed, $skipped skipped"' EXIT

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/setup.sh" test
"$here/build.sh" all
cd "$root"
export SPANMETRICS_PROGRAM=$root/artifacts/spanmetrics/spanmetrics

report=$root/artifacts/test-results/tests.xml
mkdir -p "$(dirname "$report")"
rm -f "$report"
status=0
artifacts/bin/SpanMetrics.Tests/release/SpanMetrics.Tests -nologo -noColor -xml "$report" "$@" || status=$?

fail() {
  failed=$((failed > 0 ? failed : 1))
  echo "test.sh: $*" >&2
  exit 1
}

summary=$(grep -o '<assembly [^>]*>' "$report") || fail "the runner ended with $status and wrote no report"
count() { grep -o " $1=\"[0-9]*\"" <<< "$summary" | tr -dc 0-9; }
passed=$(count passed) failed=$(($(count failed) + $(count errors))) skipped=$(count skipped)
[ "$status" = 0 ] || fail "the runner ended with $status"
[ "$failed" = 0 ] || fail "tests failed"
[ "$passed" -gt 0 ] || fail 'no test ran'
