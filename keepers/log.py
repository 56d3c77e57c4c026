"""JSON logs: an event name and key-value pairs, one line each, on standard error. Touches nothing else."""

import logging
import sys

import orjson
import structlog

__all__ = ["configure_logging"]


def configure_logging(level: str) -> None:
    """Send every log line of the process to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _dump(value: object, default: object = None) -> str:
    """Write JSON; numbers beyond 64 bits as text."""
    del default
    return orjson.dumps(_narrow(value), default=str).decode()


def _narrow(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _narrow(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_narrow(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return str(value)
    return value
