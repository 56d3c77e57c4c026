"""Every exception the keeper raises on purpose. Touches nothing.

KeeperError
├── SettingsError          the configuration, deployment file or keystore cannot be used
├── AbiError               an ABI is missing, or data does not fit it
├── RpcError
│   ├── TransportError     no answer: the outcome is unknown
│   │   ├── BusyError      the node wants to be asked later
│   │   └── LateError      the node did not answer in time
│   ├── NodeError          the node answered with an error
│   │   ├── RevertError    a call would revert
│   │   ├── LimitError     too much was asked at once
│   │   └── MissingError   the node does not have the block
│   ├── QuorumError        too few nodes have the same block
│   └── ResponseError      the answer lacks what was asked for, or contradicts what is known
├── ChainError
│   ├── WrongChainError    another chain, or another history, than the database's
│   └── ReorgError         a reorganisation deeper than what is kept
├── StoreError             the database cannot be read or written now
│   ├── LostError          the database's file went away while it was in use
│   ├── HeldError          another process of the fleet has the signer
│   └── FencedError        the signer's lease went to another process of the fleet
├── MirrorError            an event refers to something the mirror does not know
├── SignerError            a signer does not sign what it is asked to, or is not to
└── HaltError              too many errors in a row
"""

__all__ = [
    "AbiError",
    "BusyError",
    "ChainError",
    "FencedError",
    "HaltError",
    "HeldError",
    "KeeperError",
    "LateError",
    "LimitError",
    "LostError",
    "MirrorError",
    "MissingError",
    "NodeError",
    "QuorumError",
    "ReorgError",
    "ResponseError",
    "RevertError",
    "RpcError",
    "SettingsError",
    "SignerError",
    "StoreError",
    "TransportError",
    "WrongChainError",
]

from crossmargin.errors import CrossMarginError


class KeeperError(CrossMarginError):
    """Catch everything the keeper raises on purpose."""


class SettingsError(KeeperError):
    """Report a configuration, deployment file or keystore that cannot be used."""


class AbiError(KeeperError):
    """Report a missing ABI, or data that does not fit it."""


class RpcError(KeeperError):
    """Catch every failure to learn something from a node."""


class TransportError(RpcError):
    """Report that no answer came: what was asked may or may not have happened."""


class BusyError(TransportError):
    """Report a node that refuses to answer now, for `retry_after` seconds if it says so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep how long to stay away."""
        super().__init__(message)
        self.retry_after = retry_after


class LateError(TransportError):
    """Report that no answer came in time: the node may hang, or too much was asked at once."""


class NodeError(RpcError):
    """Report an error a node answered with."""

    def __init__(self, method: str, code: int, message: str, data: str = "") -> None:
        """Keep the node's code, message and data (hex)."""
        super().__init__(f"{method}: {message} ({code})")
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class RevertError(NodeError):
    """Report that a call would revert; `data` is the revert data."""


class LimitError(NodeError):
    """Report that more was asked at once than the node gives."""


class MissingError(NodeError):
    """Report a block that the node does not have, or not yet."""


class QuorumError(RpcError):
    """Report that too few nodes have the same block: none of them is at fault by that."""


class ResponseError(RpcError):
    """Report an answer without what was asked for, or one that contradicts what is known; never read as zero."""


class ChainError(KeeperError):
    """Catch a chain that is not the one the database follows."""


class WrongChainError(ChainError):
    """Report another chain or history than the database's."""


class ReorgError(ChainError):
    """Report a reorganisation deeper than what is kept."""


class StoreError(KeeperError):
    """Report a database that cannot be used."""


class LostError(StoreError):
    """Report that the database's file was deleted or replaced while it was in use."""


class HeldError(StoreError):
    """Report that another process of the fleet has the signer."""


class FencedError(StoreError):
    """Report that the signer's lease went to another process of the fleet: nothing may be written with it."""


class MirrorError(KeeperError):
    """Report an event about something the mirror does not know."""


class SignerError(KeeperError):
    """Report a signer that does not sign what it is asked to, or what is not to be signed."""


class HaltError(KeeperError):
    """Report too many errors in a row."""
