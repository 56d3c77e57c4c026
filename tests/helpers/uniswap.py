"""Uniswap v3 as it is deployed anywhere, from the package's own artifacts: a factory, and pools with liquidity."""

from decimal import Decimal, localcontext
from typing import Any

from tests.helpers.compiled import packaged_artifact
from tests.helpers.handles import Handle, Node
from tests.helpers.venue import Amount, Venue

FEE = 500  # ppm
_WIDEST = 887_220  # a multiple of every fee's spacing
_FOLDER = "@uniswap/v3-core/artifacts/contracts"


class Uniswap:
    """A factory of its own, and pools that anybody may trade with."""

    def __init__(self, venue: Venue, deployer: Any) -> None:
        """Deploy the factory."""
        self._venue, self._deployer = venue, deployer
        self.factory = _deploy(venue.node, "UniswapV3Factory", deployer)
        self._minter = venue.node.deploy("PoolMinter", sender=deployer)

    def pool(self, base: str, quote: str, price: Amount, depth: Amount, fee: int = FEE) -> Handle:
        """Make a pool at a price, with `depth` of the base token and as much of the other, over all prices."""
        venue, deployer = self._venue, self._deployer
        tokens = venue.tokens[base], venue.tokens[quote]
        self.factory.createPool(*tokens, fee, sender=deployer)
        pool = _bind(venue.node, "UniswapV3Pool", self.factory.getPool(*tokens, fee))
        amounts = venue.units(base, depth), venue.units(quote, Decimal(depth) * Decimal(price))
        if int(tokens[0].address, 16) > int(tokens[1].address, 16):
            tokens, amounts = tokens[::-1], amounts[::-1]
        with localcontext() as context:
            context.prec = 60
            root, liquidity = ((Decimal(amounts[1]) / amounts[0]).sqrt(), (Decimal(amounts[0]) * amounts[1]).sqrt())
        pool.initialize(int(root * 2**96), sender=deployer)
        for token, amount in zip(tokens, amounts, strict=True):
            token.mint(deployer, 2 * amount, sender=deployer)
            token.transfer(self._minter, 2 * amount, sender=deployer)
        self._minter.mint(pool, -_WIDEST, _WIDEST, int(liquidity), sender=deployer)
        return pool


def _deploy(node: Node, name: str, sender: Any) -> Handle:
    artifact = packaged_artifact(f"{_FOLDER}/{name}.sol/{name}.json")
    receipt = node.send({"data": artifact["bytecode"]}, sender)
    return _bind(node, name, receipt.raw["contractAddress"])


def _bind(node: Node, name: str, address: str) -> Handle:
    artifact = packaged_artifact(f"{_FOLDER}/{name}.sol/{name}.json")
    return Handle(node, node.web3.eth.contract(address=address, abi=artifact["abi"]))
