"""Every exception this library raises on purpose.

CrossMarginError
├── DeploymentError         a deployment or its configuration cannot go on
│   ├── ArtifactError       a contract's artifact is missing or does not fit
│   ├── NetworkConfigError  a network's configuration contradicts itself
│   ├── RecordError         a deployment's file and the chain disagree
│   │   └── NotDeployedError  a contract is asked for that was not deployed yet
│   └── StepError           a step was sent and did not have its effect
├── SignerError             an account cannot sign
├── InstrumentError         an instrument cannot do what is asked of it
├── UnitError               a decimal number does not fit its unit
├── TransactionError        a transaction failed
│   ├── TransactionTimeout  nobody knows yet what became of a transaction
│   └── ContractRevert      a contract refused, with its custom error decoded
├── NodeError               a node does not answer, at first or for a minute
├── SocketError             a node's WebSocket cannot be reached, or tells of no blocks
├── FeederError             what is to be posted cannot be read
├── ForestError             a forest, its data or its card cannot be what they must
├── CrossChainError         what goes between chains cannot go on
│   ├── MessageError        a message, or what vouches for one, is not what it must be
│   ├── ConflictError       a chain says something else than what was signed before
│   └── RelayConfigError    a configuration of relayers and signers contradicts itself
├── DemoError               the demo, or a living venue, cannot go on
│   ├── ScenarioError       a scenario's file is wrong, or does not fit the venue
│   ├── PriceHistoryError   a price history is wrong
│   └── ProcessError        a process or a part ended, or does not answer, or may not begin
└── ModelError              the reference model was given something it cannot answer for
    ├── ConfigurationError  a risk parameter breaks a rule the margin formula needs
    ├── EncodingError       an identifier field is outside its bits
    ├── SurfaceError        a volatility surface may not be posted
    └── UnknownKeyError     an account names a feed, underlying, market or risk array that the inputs lack
"""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "ArtifactError",
    "ConfigurationError",
    "ConflictError",
    "ContractRevert",
    "CrossChainError",
    "CrossMarginError",
    "DemoError",
    "DeploymentError",
    "EncodingError",
    "FeederError",
    "ForestError",
    "InstrumentError",
    "MessageError",
    "ModelError",
    "NetworkConfigError",
    "NodeError",
    "NotDeployedError",
    "PriceHistoryError",
    "ProcessError",
    "RecordError",
    "RelayConfigError",
    "ScenarioError",
    "SignerError",
    "SocketError",
    "StepError",
    "SurfaceError",
    "TransactionError",
    "TransactionTimeout",
    "UnitError",
    "UnknownKeyError",
]


class CrossMarginError(Exception):
    """Catch everything the library raises on purpose."""


class ModelError(CrossMarginError):
    """Report an input the reference model cannot answer for."""


class ConfigurationError(ModelError):
    """Report a risk parameter that breaks a rule, with the value found and the limit it missed."""

    def __init__(self, rule: str, actual: int, limit: int) -> None:
        """Keep the rule's name, the actual value and the limit, both in the rule's unit."""
        super().__init__(f"{rule}: {actual} against the limit {limit}")
        self.rule = rule
        self.actual = actual
        self.limit = limit


class EncodingError(ModelError):
    """Report an identifier field outside its bits."""

    def __init__(self, field: str, actual: int, limit: int, least: int = 0) -> None:
        """Keep the field's name, the actual value and the largest value allowed, and say the least."""
        super().__init__(f"{field}: {actual} is not within {least}..{limit}")
        self.field = field
        self.actual = actual
        self.limit = limit


class SurfaceError(ModelError):
    """Report a slice of a volatility surface that would be refused, with the value found and the limit it missed."""

    def __init__(self, rule: str, actual: int, limit: int) -> None:
        """Keep the rule's name, the actual value and the limit, both in the rule's unit."""
        super().__init__(f"{rule}: {actual} against the limit {limit}")
        self.rule = rule
        self.actual = actual
        self.limit = limit


class UnknownKeyError(ModelError):
    """Report a feed, underlying, market or risk array that the inputs lack."""

    def __init__(self, kind: str, key: int) -> None:
        """Keep what was looked up and under which id."""
        super().__init__(f"no {kind} with id {key}")
        self.kind = kind
        self.key = key


class DeploymentError(CrossMarginError):
    """Report that a deployment or its configuration cannot go on."""


class ArtifactError(DeploymentError):
    """Report a contract's artifact that is missing or does not fit."""


class NetworkConfigError(DeploymentError):
    """Report a network's configuration that contradicts itself."""


class RecordError(DeploymentError):
    """Report that a deployment's file and the chain disagree."""


class NotDeployedError(RecordError):
    """Report a contract that the deployment's file does not name."""

    def __init__(self, name: str, network: str) -> None:
        """Keep the contract's name."""
        super().__init__(f"{name} is not deployed on {network}")
        self.name = name


class StepError(DeploymentError):
    """Report a step that was sent and did not have its effect."""


class SignerError(CrossMarginError):
    """Report an account that cannot sign: no key, a wrong passphrase, or its owner declined."""


class InstrumentError(CrossMarginError):
    """Report an instrument that cannot do what is asked of it."""


class UnitError(CrossMarginError, ValueError):
    """Report a decimal number that does not fit its unit."""


class TransactionError(CrossMarginError):
    """Report a transaction that failed."""


class TransactionTimeout(TransactionError):  # noqa: N818 (it may still succeed)
    """Report a transaction without a receipt, which may still be mined: any of the hashes that were sent for it."""

    def __init__(self, hashes: Sequence[str], seconds: float) -> None:
        """Keep the hashes, the last sent last."""
        super().__init__(
            f"no receipt of {' or '.join(hashes)} after {seconds:.0f} s: it may still be mined, so look for it before "
            "sending the same again"
        )
        self.hashes = tuple(hashes)


class ContractRevert(TransactionError):  # noqa: N818 (a revert is what the chain calls it)
    """Report a contract's refusal: the custom error's name and arguments, or the raw data where no ABI knows it."""

    def __init__(
        self,
        name: str,
        arguments: dict[str, Any],
        data: bytes,
        remedy: str = "",
        *,
        shown: Mapping[str, str] | None = None,
        where: str = "",
    ) -> None:
        """Keep the error's name, its arguments by name, the revert data they were decoded from, and what to do.

        `shown` is what people read of the arguments. `where` names the transaction and block that it failed in, if it
        was sent. `said` is all but what to do.
        """
        self.shown = dict(shown if shown is not None else {key: _shown(value) for key, value in arguments.items()})
        words = ", ".join(f"{key}={value}" for key, value in self.shown.items())
        self.said = f"{where}{name}({words})"
        super().__init__(self.said + (f": {remedy}" if remedy else ""))
        self.name = name
        self.arguments = arguments
        self.data = data
        self.remedy = remedy

    def at(self, where: str) -> "ContractRevert":
        """Give the same refusal with where it happened."""
        return ContractRevert(self.name, self.arguments, self.data, self.remedy, shown=self.shown, where=where)


def _shown(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


class NodeError(CrossMarginError):
    """Report a node that does not answer: at first, or what it is asked again and again."""


class SocketError(CrossMarginError):
    """Report a node's WebSocket that cannot be reached, or tells of no blocks."""


class FeederError(CrossMarginError):
    """Report a file of what is to be posted that is missing, wrong or too old."""


class ForestError(CrossMarginError):
    """A forest of a volatility forecast, its data or its card cannot be what they must."""


class CrossChainError(CrossMarginError):
    """Report that what goes between chains cannot go on."""


class MessageError(CrossChainError):
    """Report a message, or what vouches for one, that is not what it must be."""


class ConflictError(CrossChainError):
    """Report a chain that says something else than what was signed before: who signed signs no more."""


class RelayConfigError(CrossChainError):
    """Report a configuration of relayers and signers that contradicts itself."""


class DemoError(CrossMarginError):
    """Report that the demo, or a living venue, cannot go on."""


class ScenarioError(DemoError):
    """Report a scenario whose file is wrong, or that does not fit the venue."""


class PriceHistoryError(DemoError):
    """Report a price history that is wrong, with file and line."""


class ProcessError(DemoError):
    """Report a process or a part that ended, does not answer, or may not begin."""
