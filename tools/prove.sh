#!/usr/bin/env bash
# Proves the lemmas of tests/symbolic with Halmos, which has an environment of its own: it and ape want other versions of rich.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lock=tests/symbolic/requirements.lock
stamp="$(cksum "$lock")"
if [[ "$(cat build/halmos/.stamp 2>/dev/null)" != "$stamp" ]]; then
  uv venv -q --clear --python .venv/bin/python build/halmos
  uv pip sync -q --python build/halmos/bin/python --require-hashes "$lock"
  echo "$stamp" >build/halmos/.stamp
fi
export FOUNDRY_PROFILE=symbolic
exec build/halmos/bin/halmos --forge-build-out build/symbolic --match-contract 'Proofs$' --solver-timeout-assertion 60000 "$@"
