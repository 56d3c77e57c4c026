"""Signers, validators and a relayer of a channel between two test chains, given turns by hand."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.attest import Attester
from crossmargin.crosschain.links import Link, connect
from crossmargin.crosschain.relay import Relayer, Turn
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.validate import Validator
from tests.helpers.crosschain import SIGNERS, VALIDATORS, Channel
from tests.helpers.handles import Handle

__all__ = ["FINALITY", "World", "configuration"]

FINALITY: Final = 3
"""Blocks on top of one before it is vouched for, on both chains."""


def configuration(channel: Channel, other_rpc: str | None = None, fast: Sequence[Handle] = (), **relay: Any) -> str:
    """Write the file that operators would; `fast` is a pair of transports; fields of [relay] by name."""
    chains, at = [], {}
    for name, end in (("venue", channel.hub), ("other", channel.spoke)):
        url = other_rpc if other_rpc and end is channel.spoke else end.node.web3.provider.endpoint_uri
        chains.append(
            f'[chains.{name}]\nrpc = "{url}"\ndomain = {end.domain}\n'
            f'contract = "{end.contract.address}"\nfinality = {FINALITY}\noverlap = 16\n'
        )
        at[name] = end
    transports = []
    for name, kind, keys in (("signers", "attestation", SIGNERS), ("mailbox", "hyperlane", VALIDATORS)):
        addresses = {
            chain: (end.attestation if kind == "attestation" else end.hyperlane).address for chain, end in at.items()
        }
        table = ", ".join(f'{chain} = "{address}"' for chain, address in addresses.items())
        stores = ", ".join(f'"{name}/{number}"' for number in range(len(keys)))
        transports.append(f'[transports.{name}]\nkind = "{kind}"\nat = {{ {table} }}\nstores = [{stores}]\n')
        transports += [
            f'[signers.{name}-{number}]\ntransport = "{name}"\nstore = "{name}/{number}"\n'
            f'key = {{ env = "{name.upper()}_{number}" }}\n'
            for number in range(len(keys))
        ]
    if fast:
        addresses = dict(zip(at, fast, strict=True))
        table = ", ".join(f'{chain} = "{each.address}"' for chain, each in addresses.items())
        transports.append(
            f'[transports.fast]\nkind = "attestation"\nstanding = "fast"\nat = {{ {table} }}\nstores = ["fast/0"]\n'
        )
    options = {"heartbeat": 600, "resend": 1_200, "account_period": 60, **relay}
    lines = [f"{key} = {value!r}" for key, value in options.items()]
    own = "\n".join(["[relay]", 'key = { env = "RELAY_KEY" }', *lines])
    return "\n".join(['hub = "venue"', "", *chains, *transports, own, ""])


class World:
    """Those off the chains; `silent` sets of signers do nothing."""

    def __init__(self, channel: Channel, folder: Path, key: str, **relay: Any) -> None:
        """Configure everybody from a file in `folder`; `key` pays for the relayer; `relay` as for `configuration`."""
        self.channel = channel
        self.path = folder / "crosschain.toml"
        self.path.write_text(configuration(channel, **relay))
        self.settings = CrossChainSettings.load(self.path)
        self.said: list[str] = []
        self.key = key
        self.links = connect(self.settings)
        self.attesters = self._signers("signers", SIGNERS, self._attester)
        self.fast = self._signers("fast", SIGNERS[:1], self._attester) if "fast" in self.settings.transports else []
        self.validators = self._signers("mailbox", VALIDATORS, self._validator)
        self.restart()

    def restart(self, *, dry_run: bool = False) -> None:
        """Begin with a relayer that knows nothing."""
        self.time = 0.0
        relay = self.settings.relay
        assert relay is not None
        sender = KeySigner.from_key(self.key)
        self.relayer = Relayer(
            self.settings, relay, self.links, sender, self.said.append, dry_run=dry_run, clock=lambda: self.time
        )

    def _signers(self, name: str, keys: Sequence[str], make: Callable[..., Any]) -> list[list[Any]]:
        folders = self.settings.transports[name].stores
        return [
            [make(name, link, KeySigner(Account.from_key(key)), folder) for link in self.links.values()]
            for key, folder in zip(keys, folders, strict=True)
        ]

    def _attester(self, name: str, link: Link, signer: KeySigner, folder: Path) -> Attester:
        transport = self.settings.transports[name]
        targets = {self.links[other].domain: address for other, address in transport.at.items() if other != link.name}
        return Attester(link, transport.at[link.name], targets, signer, folder, standing=transport.standing)

    def _validator(self, name: str, link: Link, signer: KeySigner, folder: Path) -> Validator:
        return Validator(link, self.settings.transports[name].at[link.name], signer, folder)

    # ------------------------------------------------------------ turns

    def mine(self, blocks: int = FINALITY) -> None:
        """Make blocks on both chains, of no time."""
        for end in (self.channel.hub, self.channel.spoke):
            end.node.rpc("anvil_mine", hex(blocks))

    def pass_time(self, seconds: int) -> None:
        """Let time pass on both chains."""
        for end in (self.channel.hub, self.channel.spoke):
            end.node.pass_time(seconds)
            end.node.rpc("evm_mine")

    def sign(self, attesters: int = 3, validators: int = 3) -> int:
        """Give the first so many signers and validators a turn; count what they signed."""
        workers: Iterable[Any] = [
            each
            for group in (self.fast, self.attesters[:attesters], self.validators[:validators])
            for own in group
            for each in own
        ]
        return sum(worker.turn(self.said.append) for worker in workers)

    def relay(self) -> Turn:
        """Give the relayer a turn, long after the one before."""
        self.time += 10_000
        return self.relayer.turn()

    def settle(self, attesters: int = 3, validators: int = 3, rounds: int = 12) -> list[str]:
        """Go on until nobody has anything to do; give what was sent."""
        sent: list[str] = []
        for _ in range(rounds):
            self.mine()
            signed = self.sign(attesters, validators)
            turn = self.relay()
            sent += turn.sent
            if not signed and not turn.sent:
                return sent
        raise AssertionError(f"no end after {rounds} rounds: {sent}")
