"""The shell of docs/integrate.md runs as it stands, in its order; its tables are the code's."""

import os
import re
import subprocess

import pytest
from eth_account import Account

from crossmargin.chain.decimals import wad
from crossmargin.client.orders import typed_data
from crossmargin.deployment.artifacts import REPOSITORY

GUIDE = (REPOSITORY / "docs" / "integrate.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def surroundings(venue, node, pair, tmp_path, other, maker):
    """Give what the guide takes for granted: a node, a deployment, an owner and a maker with their keys."""
    deployment = tmp_path / "31337.json"
    venue.record.save(deployment)
    return {
        **os.environ,
        "RPC": node.web3.provider.endpoint_uri,
        "DEPLOYMENT": str(deployment),
        "OWNER": other.address,
        "KEY": other.private_key,
        "MAKER": maker.address,
        "MAKER_KEY": maker.private_key,
        "NO_COLOR": "1",
        "PATH": f"{REPOSITORY / 'node_modules' / '.bin'}:{os.environ['PATH']}",
    }


def test_guide_runs(venue, surroundings, other):
    """Deposit, fill, logs and a decoded refusal, by cast alone."""
    script = "set -euo pipefail\n" + "".join(BLOCKS)
    done = subprocess.run(  # noqa: S603 (our own document)
        ["/bin/bash", "-c", script], cwd=REPOSITORY, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert venue.position(other, "ETH-PERP")[0] == wad(1)
    assert abs(venue.cash(other) - wad(5_000)) < wad(1)
    assert re.search(r"^-\d{20,}", done.stdout, re.MULTILINE), done.stdout


def test_the_program_in_typescript_reads_a_market_and_signs(surroundings, pair, other):
    """Its types are checked; the hash it names is that of the order it signs, and the signer is its owner."""
    out = REPOSITORY / "build" / "typescript"  # inside of the repository, where node looks for viem
    say = {**surroundings, "PATH": f"{REPOSITORY / 'node_modules' / '.bin'}:{os.environ['PATH']}"}
    for words in (
        ["tsc", "-p", ".", "--noEmit", "false", "--outDir", str(out)],
        ["node", str(out / "examples/order.js")],
    ):
        done = subprocess.run(  # noqa: S603 (our own program)
            words, cwd=REPOSITORY, env=say, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    hash_, signature = re.search(r"^order (0x\w{64}) signature (0x\w{130})$", done.stdout, re.MULTILINE).groups()
    assert Account._recover_hash(bytes.fromhex(hash_[2:]), signature=bytes.fromhex(signature[2:])) == other.address
    assert done.stdout.startswith("mark 2000 open interest 0\n")


def test_order_fields_are_those_that_are_signed(pair):
    """In their order, with their types; and the domain."""
    order = pair[0].order("ETH-PERP", wad(1), wad(2_000))
    document = typed_data(order, 1, order.signer)
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", GUIDE.partition("| field of `Order`")[2], re.MULTILINE)
    assert rows == [(each["name"], each["type"]) for each in document["types"]["Order"]]
    assert f"`{document['domain']['name']}`, `{document['domain']['version']}`" in GUIDE
