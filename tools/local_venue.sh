#!/usr/bin/env bash
# Deploys a venue on a fresh Anvil and verifies it. KEEP=1 keeps the chain until Ctrl-C; PORT chooses its port.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/env.sh
port="${PORT:-$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}"
records="build/local"

anvil --silent --port "$port" --mnemonic "test test test test test test test test test test test junk" &
node=$!
trap 'kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true' EXIT
until cast chain-id --rpc-url "http://127.0.0.1:$port" >/dev/null 2>&1; do
  kill -0 "$node"
  sleep 0.2
done

rm -rf "$records"
ape run deploy --network "http://127.0.0.1:$port" --account TEST::0 --deployments "$records"
ape run verify --network "http://127.0.0.1:$port" --deployments "$records"

if [[ -n "${KEEP:-}" ]]; then
  echo "the venue of $records/31337.json is at http://127.0.0.1:$port until Ctrl-C"
  wait "$node"
fi
