"""What can be known to be wrong before the first transaction: addresses, feeds, tokens, roles. Only reads."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from web3.exceptions import Web3Exception

from crossmargin.chain.record import DeploymentRecord
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.feeds import FeedSettings, SourceSettings
from crossmargin.deployment.fields import expiry_time
from crossmargin.deployment.governed import Governed
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.spoke_config import L1_BLOCK, OP_STACK, SpokeConfig
from crossmargin.deployment.target import Chain
from crossmargin.deployment.transports import TransportSettings
from crossmargin.model.units import Seconds

__all__ = ["preflight"]

_NAMED: Final = ("poster", "guardian", "second_guardian", "governor")
_ONE_HOUR: Final = 3_600


def preflight(chain: Chain, config: NetworkConfig | SpokeConfig, record: DeploymentRecord) -> list[Problem]:
    """List every problem that reading finds; what only a call can find is the rehearsal's."""
    if isinstance(config, SpokeConfig):
        return [
            *_roles(config, record.deployer),
            *_recorded(chain, record),
            *_tokens(chain, config),
            *_carriers(chain, f"{config.where('transports')}transports", config.transports),
            *_hub(config),
            *_blocks(chain, config),
        ]
    crosschain = config.crosschain
    now = Seconds(chain.web3.eth.get_block("latest")["timestamp"])
    return [
        *_roles(config, record.deployer),
        *_expiries(config, now),
        *_recorded(chain, record),
        *_tokens(chain, config),
        *(found for name, feed in config.feeds.items() for found in _Feed(chain, config, name, feed, now).problems()),
        *_sequencer(chain, config),
        *_carriers(
            chain,
            f"{config.where('crosschain', 'transports')}crosschain.transports",
            crosschain.transports if crosschain else {},
        ),
        *_seed(chain, config, record),
    ]


def _ask(read: Callable[[], Any]) -> Any:  # noqa: ANN401 (what the function returns)
    """Call a view; None where the contract has no such function or refuses."""
    try:
        return read()
    except (Web3Exception, ValueError, OverflowError):
        return None


def _roles(config: Governed, deployer: str) -> Iterator[Problem]:
    """Compare who is named: keys that must be apart are not the same, and the deployer ends with none."""
    named = config.named_roles
    options = {role: "--" + role.replace("_", "-") for role in _NAMED}
    for role in ("governor", "guardian"):
        if role not in named:
            yield Problem(f"governance.{role}", "nobody is named", f"add it to [governance], or give {options[role]}")
    for role, address in named.items():
        if int(address, 16) == 0:
            yield Problem(f"governance.{role}", "is the zero address", f"name an account with {options[role]}")
        elif address == deployer:
            remedy = f"name another account with {options[role]}, or deploy from another"
            yield Problem(f"governance.{role}", f"{address} is the deployer, who ends without any role", remedy)
    for one, other in combinations(named, 2):
        if "guardian" in f"{one}{other}" and named[one] == named[other] and int(named[one], 16):
            found = f"{named[one]} is {one.replace('_', ' ')} as well: whoever has its key is not held by anybody"
            yield Problem(f"governance.{other}", found, "name two accounts")


def _expiries(config: NetworkConfig, now: Seconds) -> Iterator[Problem]:
    """Compare expiries with the chain's time and the longest tenor."""
    for name, each in config.instruments.items():
        if each.expiry is None:
            continue
        left = expiry_time(each.expiry, now) - now
        longest = config.underlyings[each.underlying].max_tenor
        place = f"{config.where('instruments', name, 'expiry')}instruments.{name}.expiry"
        if left < _ONE_HOUR:
            yield Problem(place, f"{each.expiry} is past, or within the hour", "name a later one")
        elif left > longest:
            remedy = f"name an earlier one, or raise max_tenor of underlyings.{each.underlying}"
            yield Problem(place, f"{left:,} s away, more than max_tenor {longest:,} s", remedy)


def _recorded(chain: Chain, record: DeploymentRecord) -> Iterator[Problem]:
    """Find what an earlier run has deployed."""
    for name, entry in record.contracts.items():
        if not chain.code(entry.address):
            found = f"the deployment's file names {entry.address}, where there is no code"
            yield Problem(name, found, "look whether the node has this chain's blocks; else move the file away")


def _tokens(chain: Chain, config: NetworkConfig | SpokeConfig) -> Iterator[Problem]:
    for name, token in config.tokens.items():
        if token.address is None:
            continue
        place = f"{config.where('tokens', name, 'address')}tokens.{name}"
        if not chain.code(token.address):
            yield Problem(place, f"no contract at {token.address}", "look the address up for this network")
            continue
        functions = chain.contract("IERC20Metadata", token.address).functions
        decimals = _ask(functions.decimals().call)
        if decimals is None:
            yield Problem(place, f"{token.address} tells no decimals", "name a token's address")
        elif decimals != token.decimals:
            yield Problem(place, f"{token.address} has {decimals} decimals, not {token.decimals}", "correct `decimals`")


def _carriers(chain: Chain, place: str, transports: Mapping[str, TransportSettings]) -> Iterator[Problem]:
    for name, each in transports.items():
        for what in ("mailbox", "hook"):
            address = getattr(each, what)
            if address is not None and not chain.code(address):
                remedy = "look Hyperlane's contracts up for this network"
                yield Problem(f"{place}.{name}.{what}", f"no contract at {address}", remedy)


def _hub(config: SpokeConfig) -> Iterator[Problem]:
    """Ask for what a spoke is built with: without it, it would be of no use for good."""
    place = f"{config.where('hub', 'address')}hub"
    if config.hub.address is None:
        remedy = f"deploy the hub first, and keep its record deployments/{config.hub.domain}.json beside this one's"
        yield Problem(f"{place}.address", "is not known", f"{remedy}; or name it")
    for name in config.transports:
        if config.hub.counterparts.get(name) is None:
            remedy = "deploy it there first, or name its address"
            yield Problem(f"{place}.counterparts.{name}", "is not known", remedy)


def _blocks(chain: Chain, config: SpokeConfig) -> Iterator[Problem]:
    """Look for what knows blocks of the venue's chain."""
    if config.proofs is None:
        return
    place = f"{config.where('proofs', 'blocks')}proofs.blocks"
    if config.proofs.blocks == OP_STACK:
        if not chain.code(L1_BLOCK):
            found = f"no contract at {L1_BLOCK}: this is no chain of the OP stack"
            yield Problem(place, found, "name a contract that knows blocks of the venue's chain, or leave [proofs] out")
    elif not chain.code(config.proofs.blocks):
        remedy = "look the contract up for this network, or leave [proofs] out"
        yield Problem(place, f"no contract at {config.proofs.blocks}", remedy)


class _Feed:
    """One feed's sources, as they answer now."""

    def __init__(self, chain: Chain, config: NetworkConfig, name: str, feed: FeedSettings, now: Seconds) -> None:
        self._chain, self._config, self._name, self._feed, self._now = chain, config, name, feed, now

    def problems(self) -> Iterator[Problem]:
        """Look at each source."""
        for which, source in self._feed.sources():
            place = f"{self._config.where('feeds', self._name, which)}feeds.{self._name}.{which}"
            if source.kind == "chainlink":
                yield from self._chainlink(place, source)
            elif source.kind == "pyth":
                yield from self._pyth(place, source)
            elif source.kind == "posted" and source.price is not None:
                yield from self._in_band(place, source.price)

    def _chainlink(self, place: str, source: SourceSettings) -> Iterator[Problem]:
        address = source.address or ""
        if not self._chain.code(address):
            yield Problem(place, f"no contract at {address}", "look the aggregator up for this network")
            return
        functions = self._chain.contract("AggregatorV3Interface", address).functions
        decimals, description, answer = (
            _ask(functions[name]().call) for name in ("decimals", "description", "latestRoundData")
        )
        if decimals is None or description is None or answer is None:
            yield Problem(place, f"{address} does not answer as an aggregator", "look the aggregator up")
            return
        expected = source.description or f"{self._name} / USD"
        if _letters(description) != _letters(expected):
            remedy = f'name the aggregator of {expected}, or add description = "{description}" if this is the one'
            yield Problem(place, f'{address} describes itself as "{description}"', remedy)
        if decimals != source.decimals:
            yield Problem(place, f"{address} answers in {decimals} decimals, not {source.decimals}", "correct them")
            return
        yield from self._answered(place, source, Decimal(answer[1]).scaleb(-decimals), answer[3])

    def _pyth(self, place: str, source: SourceSettings) -> Iterator[Problem]:
        pyth, key = self._config.pyth, source.price_id or ""
        if pyth is None or not self._chain.code(pyth):
            found = "no address of Pyth" if pyth is None else f"no contract at {pyth}"
            yield Problem(place, found, "set `pyth` to Pyth's contract on this network")
            return
        view = self._chain.contract("IPyth", pyth).functions.getPriceUnsafe
        price = _ask(lambda: view(bytes.fromhex(key.removeprefix("0x"))).call())
        if price is None:
            yield Problem(place, f"Pyth has no price of {key}", "correct price_id, or update the price (anybody may)")
            return
        mantissa, _, exponent, published = price
        yield from self._answered(place, source, Decimal(mantissa).scaleb(exponent), published)

    def _answered(self, place: str, source: SourceSettings, price: Decimal, time: int) -> Iterator[Problem]:
        age = self._now - time
        if price <= 0 or time == 0:
            yield Problem(place, f"it has no price: {price:f}", "wait for its first, or name another source")
            return
        if age > source.max_age:
            remedy = "wait for its next price; if this is its usual age, raise max_age"
            yield Problem(place, f"its price is {age:,} s old, more than max_age {source.max_age:,} s", remedy)
        yield from self._in_band(place, price)

    def _in_band(self, place: str, price: Decimal) -> Iterator[Problem]:
        if not self._feed.minimum <= price <= self._feed.maximum:
            found = f"its price {price.normalize():,f} is not within {self._feed.minimum:,f}..{self._feed.maximum:,f}"
            yield Problem(place, found, "correct minimum and maximum, or name the right source")


def _letters(text: str) -> str:
    return "".join(text.split()).lower()


def _sequencer(chain: Chain, config: NetworkConfig) -> Iterator[Problem]:
    address = config.sequencer_feed
    if address is None:
        return
    place = f"{config.where('sequencer_feed')}sequencer_feed"
    if not chain.code(address):
        yield Problem(place, f"no contract at {address}", "look the uptime feed up for this network")
        return
    answer = _ask(chain.contract("AggregatorV3Interface", address).functions.latestRoundData().call)
    if answer is None or answer[1] not in (0, 1):
        yield Problem(place, f"{address} does not answer 0 (up) or 1 (down)", "name the chain's own uptime feed")


def _seed(chain: Chain, config: NetworkConfig, record: DeploymentRecord) -> Iterator[Problem]:
    """Look whether the deployer has the insurance fund's first capital, where it is of a token that exists."""
    token = config.tokens[config.quote]
    if token.address is None or "InsuranceFund" in record.contracts or not chain.code(token.address):
        return
    seed = config.insurance.seed
    view = chain.contract("IERC20Metadata", token.address).functions.balanceOf(record.deployer)
    units = _ask(view.call) or 0
    if units < config.token_units(config.quote, seed):
        held = Decimal(units).scaleb(-token.decimals).normalize()
        place = f"{config.where('insurance', 'seed')}insurance.seed"
        found = f"{record.deployer} has {held:,f} {config.quote}, not {seed:,f}"
        yield Problem(place, found, "send it the difference, or lower the seed")
