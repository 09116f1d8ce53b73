"""Structured logs, one JSON object a line."""

from __future__ import annotations

import logging
import sys

import structlog

from services.runtime.settings import Settings


def configure(settings: Settings, service: str) -> None:
    """Send the logs of this process, and of its libraries, to standard error as JSON."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s"
    )
    # An expected refusal (a stale version, say) is the caller's answer, not news for the log.
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(service=service)
