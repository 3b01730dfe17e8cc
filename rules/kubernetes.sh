#!/usr/bin/env bash
# kubernetes.sh [--namespace NAME] [--label KEY=VALUE]...   prints the rules as PrometheusRule objects for the operator.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
namespace='' labels=()
while [ $# -gt 0 ]; do
  case $1:${2:-} in
    --namespace:?*) namespace=$2 ;;
    --label:?*=?*) labels+=("${2%%=*}: \"${2#*=}\"") ;;
    *) sed -n 's/^# //p' kubernetes.sh >&2; exit 2 ;;
  esac
  shift 2
done

for file in *.yml; do
  printf -- '---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: spanmetrics-%s\n' "${file%.yml}"
  [ -z "$namespace" ] || printf '  namespace: %s\n' "$namespace"
  [ ${#labels[@]} = 0 ] || { printf '  labels:\n'; printf '    %s\n' "${labels[@]}"; }
  printf 'spec:\n'
  sed 's/^./  &/' "$file"
done
