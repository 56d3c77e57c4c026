"""Every exception this library raises on purpose.

CrossMarginError
└── ModelError              the reference model was given something it cannot answer for
    ├── ConfigurationError  a risk parameter breaks a rule the margin formula needs
    ├── EncodingError       an identifier field is outside its bits
    └── UnknownKeyError     an account names a feed, underlying or market that the inputs lack
"""

__all__ = ["ConfigurationError", "CrossMarginError", "EncodingError", "ModelError", "UnknownKeyError"]


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

    def __init__(self, field: str, actual: int, limit: int) -> None:
        """Keep the field's name, the actual value and the largest value allowed."""
        super().__init__(f"{field}: {actual} is not within 0..{limit}")
        self.field = field
        self.actual = actual
        self.limit = limit


class UnknownKeyError(ModelError):
    """Report a feed, underlying or market that the inputs lack."""

    def __init__(self, kind: str, key: int) -> None:
        """Keep what was looked up and under which id."""
        super().__init__(f"no {kind} with id {key}")
        self.kind = kind
        self.key = key
