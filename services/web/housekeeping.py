"""What the web service does beside answering: mails of its own, forgetting the old."""

from __future__ import annotations

import threading
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from services.messaging.inbox import Inbox
from services.runtime.clock import now
from services.web.access import lockout, resets, sessions, sign_in_log
from services.web.report_mails.sending import MOST_AT_ONCE, order_due_reports
from services.web.reset_mails import order_reset_mails
from services.web.tables import inbox
from services.web.webhooks import deliveries
from services.web.wiring import EXTENSION, Wiring

LOOK_SECONDS = 15.0  # what another replica left undone is found after this at the latest
FORGET_SECONDS = 3600.0
REST_SECONDS = 5.0

log = get_logger()


def keep_house(app: Flask) -> None:
    """Begin to, in a thread that ends with the process."""
    threading.Thread(target=_keep_on, args=(app,), name="housekeeping", daemon=True).start()


def forget_what_is_old(wiring: Wiring) -> None:
    """Delete ended sessions, failed tries, used links, old sign-ins and deliveries."""
    moment = now()
    with wiring.database.write() as connection:
        sessions.forget_ended(connection, moment)
        lockout.forget_old(connection, moment)
        resets.forget_old(connection, moment)
        sign_in_log.forget_old(connection, moment)
        deliveries.forget_old(connection, moment)
        Inbox(inbox).forget_old(connection)


def _keep_on(app: Flask) -> None:
    wiring: Wiring = app.extensions[EXTENSION]
    forget_next = time.monotonic()
    while True:
        more_reports = False
        try:
            order_reset_mails(wiring)
            more_reports = order_due_reports(app) == MOST_AT_ONCE
            if time.monotonic() >= forget_next:
                forget_next = time.monotonic() + FORGET_SECONDS
                forget_what_is_old(wiring)
        except SQLAlchemyError as error:  # the database may be back in a moment
            log.warning("housekeeping rests", why=str(error))
            time.sleep(REST_SECONDS)
        except Exception as error:  # nobody else sees what a thread raises
            log.error("housekeeping failed", exc_info=error)
            time.sleep(REST_SECONDS)
        if more_reports:
            continue
        wiring.reset_asked.wait(LOOK_SECONDS)
        wiring.reset_asked.clear()
