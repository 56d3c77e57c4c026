# shellcheck shell=bash
# Puts the project's own tools first: `source tools/env.sh`, then forge, anvil, ape and pytest are the pinned ones.

CROSSMARGIN_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd)"
export CROSSMARGIN_ROOT
export PATH="$CROSSMARGIN_ROOT/.venv/bin:$CROSSMARGIN_ROOT/node_modules/.bin:$PATH"
export SOLCX_BINARY_PATH="$CROSSMARGIN_ROOT/tools/solc"
export FOUNDRY_DISABLE_NIGHTLY_WARNING=1
