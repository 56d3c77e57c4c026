"""What is wrong in a venue's routes or in a spoke's configuration is said in one line: file, line, what to write."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from crossmargin.chain.record import ContractRecord, DeploymentRecord
from crossmargin.deployment import NetworkConfig, SpokeConfig
from crossmargin.deployment.flows import Flow, flow_problems, least_capacity
from crossmargin.deployment.peers import with_peers
from crossmargin.deployment.transports import SignersSettings
from crossmargin.errors import NetworkConfigError

CONFIG = Path(__file__).resolve().parents[3] / "config" / "two-chains"
HUB, SPOKE = ((CONFIG / f"{name}.toml").read_text() for name in ("hub", "spoke"))
SOMEBODY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
HYPERLANE = f"""
[{{place}}.another]
kind = "hyperlane"
mailbox = "{SOMEBODY}"
hook = "{SOMEBODY}"
"""


def changed(text, table, key, value):
    """Say something else in one line of one table."""
    head, rest = text.split(f"\n[{table}]\n", 1)
    body, *others = re.split(r"(?=\n\[)", rest, maxsplit=1)
    found, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", body)
    return f"{head}\n[{table}]\n{found if count else f'{key} = {value}{chr(10)}{body}'}{''.join(others)}"


def refusal(tmp_path, text, kind):
    """Read a configuration that cannot be; give the one line that it is refused with."""
    path = tmp_path / "other.toml"
    path.write_text(text)
    with pytest.raises(NetworkConfigError) as caught:
        kind.load(path)
    (line,) = str(caught.value).splitlines()
    number = re.match(rf"{re.escape(str(path))}:(\d+): ", line)
    assert number, line
    return path.read_text().splitlines()[int(number[1]) - 1], line[number.end() :]


ROUTE = 'crosschain.routes."WETH@other"'


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        (ROUTE, "required", "0", "must be at least 1"),
        (ROUTE, "required", "3", "3 transports must deliver, 2 count fully: lower it, or add one"),
        (ROUTE, "decimals", "19", "must be at most 18"),
        (ROUTE, "decimals", "5", "must be at least 6"),
        (ROUTE, "capacity", "0", "must be above 0"),
        (ROUTE, "capacity", "1e21", "capacity 1E+21 is too much: must be below 2^128 units"),
        (ROUTE, "window", "0", "must be at least 1"),
        (ROUTE, "fast_cap", "101", "fast_cap 101 is above capacity 100: lower it"),
        (ROUTE, "silent_after", "599", "must be at least 600"),
        (ROUTE, "silent_after", "604_801", "must be at most 604800"),
        (ROUTE, "dead_after", "1_800", "dead_after 1800 is not above silent_after 1800: raise it"),
        (ROUTE, "dead_after", "2_592_001", "must be at most 2592000"),
        (ROUTE, "chain", '"moon"', "no chain named moon; there are other"),
        (ROUTE, "token", '"WETH2"', "WETH@other is the route of this token already: remove one"),
        (ROUTE, "token", f'"{SOMEBODY.lower()}"', "has no checksum"),
        ("crosschain.chains.other", "domain", "31337", "31337 is this chain: name the other one's id"),
        ("crosschain.chains.other", "domain", "4294967296", "must be at most 4294967295"),
        ("crosschain.chains.other", "counterparts", f'{{ third = "{SOMEBODY}" }}', "no transport of this name"),
        ("crosschain.transports.attestation", "standing", '"half"', "must be 'none', 'fast' or 'full'"),
        ("crosschain.transports.attestation", "kind", '"pigeon"', "must be 'attestation' or 'hyperlane'"),
        ("crosschain.transports.attestation", "mailbox", f'"{SOMEBODY}"', "mailbox is of kind hyperlane"),
        ('feeds."WETH@other"', "primary", '{ kind = "remote" }', "lacks its price, address, price_id, or base"),
        ('assets."WETH@other"', "feed", '"ETH"', "ETH knows nothing of the route"),
    ],
)
def test_a_wrong_route_is_said_in_a_line(tmp_path, table, key, value, said):
    """With the line of the entry that is wrong, or of the table that holds it."""
    text, line = refusal(tmp_path, changed(HUB, table, key, value), NetworkConfig)

    assert said in line
    assert re.match(rf"{re.escape(key)}\b|\[", text), text


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("hub", "exit_after", "3_887_999", "must be at least 3888000"),
        ("hub", "domain", "31338", "31338 is this chain: name the id of the venue's"),
        ("hub", "counterparts", f'{{ third = "{SOMEBODY}" }}', "no transport of this name"),
        ("locks.WETH", "required", "3", "3 transports must deliver, 2 count fully: lower it, or add one"),
        ("locks.WETH", "capacity", "0", "must be above 0"),
        ("locks.WETH", "window", "0", "must be at least 1"),
        ("locks.WETH", "least", "1e21", "1E+21 is too much, must be below 2^128 units"),
        ("locks.WETH", "lest", "1", "no such field: did you mean least?"),
    ],
)
def test_a_wrong_spoke_is_said_in_a_line(tmp_path, table, key, value, said):
    """The same for a spoke."""
    text, line = refusal(tmp_path, changed(SPOKE, table, key, value), SpokeConfig)

    assert said in line
    assert re.match(rf"{re.escape(key)}\b|\[", text), text


def test_a_lock_is_of_a_token(tmp_path):
    """A name that is none."""
    _, line = refusal(tmp_path, SPOKE.replace("[locks.WETH2]", "[locks.DOGE]"), SpokeConfig)

    assert line == "locks.DOGE: no token named DOGE; there are WETH, WETH2"


def test_receipts_are_collateral(tmp_path):
    """A route without asset would credit what the vault does not take."""
    _, line = refusal(tmp_path, HUB.replace('[assets."WETH@other"]', '[assets."WETH@moon"]'), NetworkConfig)

    assert "WETH@moon" in line or "not collateral yet" in line


@pytest.mark.parametrize(
    ("text", "place", "kind"), [(HUB, "crosschain.transports", NetworkConfig), (SPOKE, "transports", SpokeConfig)]
)
def test_somebody_signs_for_every_chain(tmp_path, text, place, kind):
    """A transport without validators of a chain would deliver nothing from there."""
    chain = "other" if kind is NetworkConfig else "hub"
    _, line = refusal(tmp_path, text + HYPERLANE.format(place=place), kind)

    assert line == (f"{place}.another.validators: nobody signs for {chain}: add {chain} with signers and threshold")


@pytest.mark.parametrize(
    ("signers", "threshold", "said"),
    [
        ([SOMEBODY], 2, "threshold 2 is above the 1 signers: name more, or lower it"),
        ([SOMEBODY, SOMEBODY], 1, f"signers: {SOMEBODY} is there twice: a signer counts once, remove one"),
        ([], 1, "at least 1 item"),
        ([SOMEBODY], 0, "greater than or equal to 1"),
    ],
)
def test_signers_are_some_and_enough(signers, threshold, said):
    """What the contract would refuse, and a signer that counts twice."""
    with pytest.raises(ValueError, match=re.escape(said)):
        SignersSettings(signers=signers, threshold=threshold)


def test_signers_ascend():
    """In the order of their addresses, whatever the file's."""
    first, second = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", SOMEBODY

    assert SignersSettings(signers=(second, first), threshold=1).ordered() == [first, second]


# ---------------------------------------------------------------- what another chain's record tells


def record_of(chain_id, contracts, tokens):
    """Make a record with some contracts."""
    row = {"block": 1, "transaction": "0x", "code_hash": "0x", "arguments": []}
    return DeploymentRecord(
        network="there",
        chain_id=chain_id,
        genesis="0x",
        deployer=SOMEBODY,
        tokens=tokens,
        contracts={name: ContractRecord(contract=name, address=address, **row) for name, address in contracts.items()},
    )


ADDRESSES = [f"0x{number:040X}" for number in range(0x10, 0x14)]


def test_a_venue_learns_of_its_spoke(tmp_path):
    """Spoke, counterparts and tokens, by the names that both have for them; nothing without a record."""
    config = NetworkConfig.load(CONFIG / "hub.toml")
    assert with_peers(config, tmp_path) == config
    assert config.is_ahead("WETH@other")

    spoke, attestation, token, _ = ADDRESSES
    contracts = {"CollateralSpoke": spoke, "transport:attestation": attestation, "transport:third": token}
    record_of(31338, contracts, {"WETH": token}).save(tmp_path / "31338.json")
    known = with_peers(config, tmp_path)

    chain = known.crosschain.chains["other"]
    assert (chain.spoke, chain.counterparts) == (spoke, {"attestation": attestation})
    assert known.crosschain.routes["WETH@other"].token == token
    assert not known.is_ahead("WETH@other")
    assert known.is_ahead("WETH2@other")


def test_what_a_file_says_stays(tmp_path):
    """A record replaces nothing."""
    path, here = tmp_path / "spoke.toml", ADDRESSES[3]
    counterparts = f'{{ hyperlane = "{SOMEBODY}" }}'
    path.write_text(changed(changed(SPOKE, "hub", "address", f'"{SOMEBODY}"'), "hub", "counterparts", counterparts))
    record_of(31337, {"CollateralHub": here, "transport:hyperlane": here, "transport:attestation": here}, {}).save(
        tmp_path / "31337.json"
    )

    known = with_peers(SpokeConfig.load(path), tmp_path)

    assert known.hub.address == SOMEBODY
    assert known.hub.counterparts == {"hyperlane": SOMEBODY, "attestation": here}


def test_a_spoke_needs_its_hub():
    """It is built with it, for good."""
    with pytest.raises(NetworkConfigError, match=r"hub\.address: not known: name it, or deploy the hub first, "):
        _ = SpokeConfig.load(CONFIG / "spoke.toml").known_hub


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("blocks", '"l1"', "not an address"),
        ("blocks", f'"{SOMEBODY.lower()}"', "has no checksum"),
        ("after", "259_199", "must be at least 259200"),
        ("after", "2_592_001", "must be at most 2592000"),
    ],
)
def test_wrong_proofs_are_said_in_a_line(tmp_path, key, value, said):
    """Where blocks are known from, and how long a silence has to last."""
    text = f'{SPOKE}\n[proofs]\nblocks = "op-stack"\nafter = 259_200\n'
    _, line = refusal(tmp_path, changed(text, "proofs", key, value), SpokeConfig)

    assert said in line
    assert SpokeConfig.load(written(tmp_path, text)).proofs.after == 259_200


def written(tmp_path, text):
    """Keep a configuration in a file."""
    path = tmp_path / "spoke.toml"
    path.write_text(text)
    return path


# ---------------------------------------------------------------- the spoke's bucket holds what the venue may ask for


@pytest.mark.parametrize(
    ("outflow", "bucket", "window", "least"),
    [
        ((5_000, 3_600), (100, 3_600), 3_600, 5_100),
        ((100, 3_600), (100, 1_800), 3_600, 300),  # the hub's refills twice as fast
        ((100, 7_200), (100, 7_200), 3_600, 200),  # at once, though both refill more slowly
        ((1, 7), (1, 11), 13, 4),  # 13/7 + 13/11 = 3.04, up
    ],
)
def test_the_least_of_a_bucket_is_what_comes_at_once_and_as_fast_as_it_comes(outflow, bucket, window, least):
    """With it nothing ever waits, asked for all that comes through at any time; with a unit less something does."""
    assert least_capacity(Flow(*outflow), Flow(*bucket), window) == least

    def passed(time, *flows):
        return sum(capacity * (1 + Fraction(time, refill)) for capacity, refill in flows)

    def waits(capacity):
        return any(passed(time, outflow, bucket) > passed(time, (capacity, window)) for time in (0, 10**9))

    assert (waits(least), waits(least - 1)) == (False, True)


def test_shipped_ends_fit():
    """Each route's, in any order."""
    hub, spoke = NetworkConfig.load(CONFIG / "hub.toml"), SpokeConfig.load(CONFIG / "spoke.toml")
    assert flow_problems(hub, spoke, {}) == []
    assert flow_problems(spoke, hub, {}) == []


@pytest.mark.parametrize("known", [False, True], ids=["by symbol", "by address"])
def test_a_spoke_that_holds_less_is_said_in_numbers(tmp_path, known):
    """With its line; a route whose token is known by address is found by the spoke's record."""
    path = tmp_path / "spoke.toml"
    path.write_text(changed(SPOKE, "locks.WETH", "capacity", "199.5"))
    text = changed(HUB, ROUTE, "token", f'"{SOMEBODY}"') if known else HUB
    (tmp_path / "hub.toml").write_text(text)
    hub, spoke = NetworkConfig.load(tmp_path / "hub.toml"), SpokeConfig.load(path)

    (problem,) = flow_problems(hub, spoke, {"WETH": SOMEBODY} if known else {})

    place, line = str(problem).split(": ", 1)
    assert path.read_text().splitlines()[int(place.rpartition(":")[2]) - 1] == "capacity = 199.5"
    assert line == (
        "locks.WETH.capacity: 199.5 in 3,600 s is less than the venue may ask for: receipts WETH@other leave the vault "
        "by 100 in 3,600 s, the hub's bucket lets 100 in 3,600 s through: raise it to 200, or lower the venue's"
    )


def test_a_vault_without_a_limit_asks_for_more_than_any_bucket_holds(tmp_path):
    """Of what nobody takes there, and of another chain, nothing is said."""
    hub = NetworkConfig.load(CONFIG / "hub.toml")
    asset = hub.assets["WETH@other"]
    unlimited = asset.model_copy(update={"outflow": asset.outflow.model_copy(update={"capacity": Decimal(0)})})
    hub = hub.model_copy(update={"assets": hub.assets | {"WETH@other": unlimited}})
    spoke = SpokeConfig.load(CONFIG / "spoke.toml")

    (problem,) = flow_problems(hub, spoke, {})
    assert str(problem).startswith('assets."WETH@other".outflow: the vault lets any amount of receipts out at once: ')
    assert flow_problems(hub, spoke.model_copy(update={"locks": {}}), {}) == []
    assert flow_problems(hub, spoke.model_copy(update={"chain_id": 5}), {}) == []
    assert flow_problems(hub.model_copy(update={"crosschain": None}), spoke, {}) == []


def test_two_venues_are_no_channel():
    """Nor two spokes."""
    for name, kind in (("hub", NetworkConfig), ("spoke", SpokeConfig)):
        with pytest.raises(NetworkConfigError, match="one end is a venue and the other a spoke"):
            flow_problems(*[kind.load(CONFIG / f"{name}.toml")] * 2, {})
