"""One line in the log for each step of a message, to follow it from service to service."""

from __future__ import annotations

from logging import INFO

import structlog

from services.contracts.envelope import Envelope

log = structlog.get_logger()


def log_message(step: str, message: Envelope, level: int = INFO, **more: object) -> None:
    """Write what happened to a message, under the id that all of its chain has.

    Never what is in it: that is somebody's mail. A command that is no service, and has no log,
    says nothing of it: its output is its own.
    """
    if not structlog.is_configured():
        return
    case = {} if message.case_id is None else {"case": message.case_id}
    log.log(
        level,
        step,
        correlation_id=message.correlation_id,
        message=message.id,
        type=message.type,
        **case,
        **more,
    )
