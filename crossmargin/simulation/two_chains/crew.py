"""Signers, validators and a relayer between two local chains, given turns by hand: what operators run as services."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.attest import Attester
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.links import Link, connect
from crossmargin.crosschain.messages import Message, encode
from crossmargin.crosschain.relay import Relayer
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.units import Domain, MessageNonce
from crossmargin.crosschain.validate import Validator
from crossmargin.deployment.carriers import transport_name
from crossmargin.deployment.hub import HUB_CONTRACT
from crossmargin.deployment.spoke import SPOKE_CONTRACT
from crossmargin.errors import ProcessError
from crossmargin.simulation.stage.venue import Actor
from crossmargin.simulation.two_chains.pair import Pair, Side

__all__ = ["ATTESTATION", "MAILBOX", "Crew", "Forger"]

ATTESTATION: Final = "attestation"
MAILBOX: Final = "hyperlane"
"""Transports of config/two-chains."""
_MEMBERS: Final = 3
_ROUNDS: Final = 12
_LATER: Final = 10_000.0
"""Between two turns as the relayer sees it: what failed is tried again [s]."""
_FORGED_NONCE: Final = MessageNonce(2**40)


def _names(pair: Pair) -> dict[str, tuple[Side, str]]:
    """Give each side's name among the crew, and the name of its end."""
    return {"hub": (pair.hub, HUB_CONTRACT), "other": (pair.spoke, SPOKE_CONTRACT)}


class Crew:
    """Everybody off the chains, all honest."""

    def __init__(self, pair: Pair, folder: Path) -> None:
        """Keep signatures in `folder`; finality is the newest block, for nothing is undone here."""
        self._pair = pair
        raw = {
            "hub": "hub",
            "chains": {
                name: {
                    "rpc": side.chain.url,
                    "domain": side.context.config.chain_id,
                    "contract": side.context.address(end),
                    "finality": 0,
                    "first_block": 1,
                }
                for name, (side, end) in _names(pair).items()
            },
            "transports": {
                transport: {
                    "kind": transport,
                    "at": {
                        name: side.context.address(transport_name(transport))
                        for name, (side, _) in _names(pair).items()
                    },
                    "stores": [f"{transport}/{number}" for number in range(1, _MEMBERS + 1)],
                }
                for transport in (ATTESTATION, MAILBOX)
            },
            "relay": {"key": {"env": "UNUSED"}, "heartbeat": 900, "account_period": 300, "spend_limit": "1000"},
        }
        self._settings = CrossChainSettings.of(raw, folder / "crosschain.toml")
        self._links = connect(self._settings)
        self._time = 0.0
        self._said: list[str] = []
        self._attesters = [each for number in range(1, _MEMBERS + 1) for each in self._attest(number)]
        self._validators = [each for number in range(1, _MEMBERS + 1) for each in self._validate(number)]
        relayer = Actor.named("relayer")
        for side in (pair.hub, pair.spoke):
            side.chain.give_ether(relayer.address)
        relay: Any = self._settings.relay
        sender = KeySigner(relayer.key)
        self._relayer = Relayer(self._settings, relay, self._links, sender, self._said.append, clock=lambda: self._time)

    def carry(self) -> list[str]:
        """Go on until nothing is under way any more; give what was sent, in words."""
        sent: list[str] = []
        for _ in range(_ROUNDS):
            signed = sum(each.turn(self._said.append) for each in self._attesters)
            signed += sum(each.turn(self._said.append) for each in self._validators)
            self._time += _LATER
            turn = self._relayer.turn()
            sent += turn.sent
            if not signed and not turn.sent:
                return sent
        raise ProcessError(f"messages do not come to an end: {'; '.join(sent[-3:])}")

    def _attest(self, number: int) -> list[Attester]:
        key, at = KeySigner(Actor.named(f"attester {number}").key), self._at(ATTESTATION)
        folder = self._settings.transports[ATTESTATION].stores[number - 1]
        return [Attester(link, at[link.domain], _others(at, link), key, folder) for link in self._links.values()]

    def _validate(self, number: int) -> list[Validator]:
        key, at = KeySigner(Actor.named(f"validator {number}").key), self._at(MAILBOX)
        folder = self._settings.transports[MAILBOX].stores[number - 1]
        return [Validator(link, at[link.domain], key, folder) for link in self._links.values()]

    def _at(self, transport: str) -> dict[Domain, Any]:
        return {self._links[name].domain: at for name, at in self._settings.transports[transport].at.items()}


def _others(at: dict[Domain, Any], link: Link) -> dict[Domain, Any]:
    return {domain: address for domain, address in at.items() if domain != link.domain}


class Forger:
    """Has every attester's key: says by that transport what never happened."""

    def __init__(self, pair: Pair, actor: Actor) -> None:
        """Deliver as `actor`."""
        self._pair, self._actor = pair, actor
        self._nonce = _FORGED_NONCE
        keys = [KeySigner(Actor.named(f"attester {number}").key) for number in range(1, _MEMBERS + 1)]
        self._keys: Sequence[KeySigner] = sorted(keys, key=lambda each: int(each.address, 16))

    def to_hub(self, message: Message) -> None:
        """Have the hub hear what the spoke has not said."""
        self._deliver(self._pair.spoke, SPOKE_CONTRACT, self._pair.hub, HUB_CONTRACT, message)

    def to_spoke(self, message: Message) -> None:
        """Have the spoke hear what the hub has not said."""
        self._deliver(self._pair.hub, HUB_CONTRACT, self._pair.spoke, SPOKE_CONTRACT, message)

    def _deliver(self, source: Side, sender: str, target: Side, receiver: str, message: Message) -> None:
        name = transport_name(ATTESTATION)
        self._nonce = MessageNonce(self._nonce + 1)
        envelope = Envelope(
            origin=Domain(source.context.config.chain_id),
            nonce=self._nonce,
            destination=Domain(target.context.config.chain_id),
            sender=source.contract(sender).address,
            receiver=target.contract(receiver).address,
            body=encode(message),
        )
        lane = Lane(source.contract(name).address, target.contract(name).address)
        signatures = [each.sign_message(envelope.content(lane)) for each in self._keys]
        chain_ = target.as_sender(self._actor).chain
        transport = target.contract(name)
        data = transport.encode_abi("deliver", args=[envelope.arguments, signatures])
        chain_.send({"to": transport.address, "data": data, "gas": 2_000_000})
