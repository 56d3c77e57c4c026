"""What explorers are given is what runs on the chain: code, arguments and sources are compared before."""

import json
import re
from hashlib import sha256

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.publish import publish, recompile, standard_input
from crossmargin.errors import ArtifactError

SMALL = "feed:ETH:primary"
"""Compiles in seconds."""


@pytest.fixture
def chain(venue):
    """Reach the chain that the venue is on."""
    return venue.deployment.chain


@pytest.fixture
def record(venue):
    """Give a copy of the venue's file."""
    return venue.record.model_copy(deep=True)


def only(record, *names):
    """Keep some contracts of a record."""
    record.contracts = {name: record.contracts[name] for name in names}
    return record


def varint(number):
    """Write a number as protocol buffers do."""
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def sha256_on_ipfs(content):
    """Hash a file of one block as IPFS does: type, data and size in a message, and that in another."""
    size = varint(len(content))
    inner = b"\x08\x02\x12" + size + content + b"\x18" + size
    return b"\x12\x20" + sha256(b"\x0a" + varint(len(inner)) + inner).digest()


def test_every_contract_of_a_venue_is_published(chain, record, tmp_path):
    """A folder each, none with a problem."""
    done, problems = publish(chain, record, tmp_path)

    assert problems == []
    assert [each.name for each in done] == list(record.contracts)
    assert [each["contract"] for each in json.loads((tmp_path / "index.json").read_text())] == [
        each.contract for each in done
    ]
    assert "contracts/MarginVault.sol:MarginVault" in [each.contract for each in done]
    assert all((tmp_path / each.name.replace(":", "-") / "standard-input.json").is_file() for each in done)


def test_a_folder_has_what_explorers_ask_for(chain, record, tmp_path):
    """Input, arguments and metadata, and a request for each that curl reads."""
    ((made,), _) = publish(chain, only(record, "RiskEngine"), tmp_path)
    folder = tmp_path / "RiskEngine"
    source = json.loads((folder / "standard-input.json").read_text())
    metadata = (folder / "metadata.json").read_bytes()

    assert set(source["sources"]) == set(json.loads(metadata)["sources"])
    assert source["settings"]["viaIR"]
    assert "compilationTarget" not in source["settings"]
    assert made.exact
    addresses = re.findall("0{24}([0-9a-f]{40})", (folder / "constructor-arguments.txt").read_text())
    assert ["0x" + each for each in addresses] == [each.lower() for each in record.contracts["RiskEngine"].arguments]
    body = json.loads((folder / "sourcify.json").read_text())
    assert body["stdJsonInput"] == source
    assert body["contractIdentifier"] == "contracts/RiskEngine.sol:RiskEngine"
    assert f"/{chain.chain_id}/{made.address}" in (folder / "sourcify.curl").read_text()
    form = (folder / "etherscan.curl").read_text()
    assert f'data-urlencode = "compilerversion=v{made.compiler}"' in form
    assert 'data-urlencode = "sourceCode@standard-input.json"' in form


def test_the_metadata_is_the_codes_own(chain, record, tmp_path):
    """Its IPFS hash is in the code on the chain: a full match can be found."""
    publish(chain, only(record, "RiskEngine"), tmp_path)
    content = (tmp_path / "RiskEngine" / "metadata.json").read_bytes()
    code = chain.code(record.contracts["RiskEngine"].address)

    assert sha256_on_ipfs(content) in code


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, None),
        (("runs", 7), "bytecode: compiles to other code"),
        (("enabled", "often"), "does not compile: "),
    ],
)
def test_a_folder_compiles_to_what_runs(chain, record, tmp_path, change, said):
    """As an explorer compiles it, alone. Other settings and a wrong input are said."""
    ((made,), _) = publish(chain, only(record, SMALL), tmp_path)
    file = tmp_path / SMALL.replace(":", "-") / "standard-input.json"
    if change:
        source = json.loads(file.read_text())
        source["settings"]["optimizer"][change[0]] = change[1]
        file.write_text(json.dumps(source))

    problem = recompile(REPOSITORY, tmp_path, made, chain.artifacts[made.contract.rpartition(":")[2]])

    assert problem is None if said is None else problem.found.startswith(said)


def test_a_compiler_that_fails_is_said(chain, record, tmp_path):
    """With its last line; no contract is blamed."""
    ((made,), _) = publish(chain, only(record, SMALL), tmp_path)
    compiler = tmp_path / "tools" / "solc" / "solc-v0.8.37"
    compiler.parent.mkdir(parents=True)
    compiler.write_text("#!/bin/sh\necho 'no Node was found' >&2\nexit 1\n")
    compiler.chmod(0o755)

    problem = recompile(tmp_path, tmp_path, made, chain.artifacts["PostedFeed"])

    assert (problem.place, problem.found) == (SMALL, "the compiler failed: no Node was found")


def test_foreign_code_is_not_published(node, chain, record, tmp_path):
    """One byte of one contract: it alone is left out, with what to do."""
    address = record.contracts["RiskEngine"].address
    code = bytearray(chain.code(address))
    code[100] ^= 1
    node.rpc("anvil_setCode", address, "0x" + code.hex())

    done, (problem,) = publish(chain, only(record, "RiskEngine", "MarginLens"), tmp_path)

    assert [each.name for each in done] == ["MarginLens"]
    assert problem.place == "RiskEngine"
    assert "is not what RiskEngine compiles to" in problem.found


def test_a_changed_comment_is_told_apart(node, chain, record, tmp_path):
    """Another tail is other sources: explorers then find a match without comments."""
    address = record.contracts["RiskEngine"].address
    code = bytearray(chain.code(address))
    code[code.index(b"ipfs") + 10] ^= 1
    node.rpc("anvil_setCode", address, "0x" + code.hex())

    ((made,), problems) = publish(chain, only(record, "RiskEngine"), tmp_path)

    assert (made.exact, problems) == (False, [])


def test_other_arguments_are_found(chain, record, tmp_path):
    """Immutables do not show in a code hash; the creating transaction tells them."""
    entry = only(record, "RiskEngine").contracts["RiskEngine"]
    entry.arguments[0] = entry.arguments[1]

    done, (problem,) = publish(chain, record, tmp_path)

    assert done == []
    assert problem.found == "it was created with other arguments than the record names"


def test_a_source_that_has_changed_is_named(chain, tmp_path):
    """What does not hash to the metadata's hash was not compiled."""
    artifact = chain.artifacts["FixedVolatility"]
    source = standard_input(REPOSITORY, artifact)
    for path, entry in source["sources"].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(entry["content"])
    assert standard_input(tmp_path, artifact) == source

    changed = tmp_path / "contracts" / "FixedVolatility.sol"
    changed.write_text(changed.read_text() + "\n")
    with pytest.raises(ArtifactError, match=r"contracts/FixedVolatility\.sol is not what FixedVolatility was compiled"):
        standard_input(tmp_path, artifact)
