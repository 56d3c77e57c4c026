#!/usr/bin/env bash
# Deploys a venue on a fresh Anvil and verifies it; PORT chooses the node's port, which nobody else may listen on.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/env.sh
port="${PORT:-$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}"
records="build/local"
url="http://127.0.0.1:$port"

python - "$port" <<'PYTHON' || {
import sys

from crossmargin.chain.processes import is_free

sys.exit(not is_free(int(sys.argv[1])))
PYTHON
  echo "deploy-local: port $port is busy: end what listens there, or choose another, PORT=$((port + 1));" \
    "to deploy to a node that runs there: ape run deploy --network $url --account TEST::0" >&2
  exit 1
}

anvil --silent --port "$port" --mnemonic "test test test test test test test test test test test junk" &
node=$!
trap 'kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true' EXIT
until cast chain-id --rpc-url "$url" >/dev/null 2>&1; do
  kill -0 "$node"
  sleep 0.2
done

rm -rf "$records"
ape run deploy --network "$url" --account TEST::0 --deployments "$records"
ape run verify --network "$url" --deployments "$records"
