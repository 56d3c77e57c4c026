#!/usr/bin/env bash
# Lays out build/corpus, the sequences that invariant tests begin with and vary: those of tests/foundry/corpus, and what
# earlier runs have found. forge reads a test's folder and writes below it, so what is found has to be moved up.
# `tools/corpus.sh dev` forgets what was found, so that equal seeds make equal runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ "${1:-}" == dev ]]; then rm -rf build/corpus; fi
mkdir -p build/corpus
find build/corpus -path '*/worker*/corpus/*.json.gz' | while IFS= read -r found; do
  mv "$found" "${found%/worker*}"
done
cp -r tests/foundry/corpus/. build/corpus
