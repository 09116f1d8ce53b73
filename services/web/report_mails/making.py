"""The mail with a report: a few words, the totals, the workbook and the graph as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, request
from structlog import get_logger

from services.contracts.directory import Kind, User
from services.contracts.errors import InvalidRequest
from services.contracts.mail import Address, Attachment, MailSend, MailSendData, message_id_for
from services.contracts.reports import Report
from services.web.pages import moments
from services.web.pages.form import Form
from services.web.pages.report_question import Asked, read_question
from services.web.pages.report_workbook import report_workbook
from services.web.pages.views import address_of
from services.web.report_mails.asking_as import asking_as
from services.web.report_mails.drawing_table import drawing_of, is_too_large
from services.web.report_mails.mail_text import mail_text
from services.web.report_mails.picture_child import PictureFailed, picture_of
from services.web.report_mails.recipients import Recipients
from services.web.report_mails.store import ReportMail
from services.web.report_table import ReportTable, report_table
from services.web.report_xlsx import MIME_TYPE
from services.web.translation import gettext
from services.web.uploads import keep_file
from services.web.wiring import Wiring, wired

PAGE = "/report"
log = get_logger()


@dataclass(frozen=True)
class _Answered:
    asked: Asked
    report: Report
    table: ReportTable
    kinds: list[Kind]


@dataclass(frozen=True)
class Turn:
    """What is to be sent as whom, and the id of the order: the same for the same turn."""

    one: ReportMail
    owner: User
    to: Recipients
    command_id: str
    at: datetime


def make_mail(app: Flask, turn: Turn) -> MailSend:
    """The whole mail, of what its owner sees at this moment; its files are in the store.

    Raises InvalidRequest for a question that is refused, else ServiceAway or FileStoreError.
    """
    with asking_as(app, turn.owner, PAGE, turn.one.question):
        return _make(turn)


def _make(turn: Turn) -> MailSend:
    one, owner = turn.one, turn.owner
    wiring, found = wired(), _answered()
    picture, files = _picture(wiring, one, found), [_workbook(wiring, one, found)]
    if picture is not None:
        files.insert(0, picture)
    data = MailSendData(
        purpose="report",
        message_id=message_id_for(turn.command_id, ""),
        sender=Address(address="", name="Casewire"),
        reply_to=Address(address=owner.address, name=owner.name) if owner.address else None,
        to=tuple(Address(address=address, name=name) for address, name in turn.to),
        subject=gettext(
            "%(name)s, %(day)s",
            name=one.name,
            day=moments.day(moments.today(owner.time_zone)),
        ),
        text=mail_text(
            found.table,
            found.report,
            link=wiring.settings.public_address + address_of(one.question),
            owner=owner.name,
            without_picture=bool(found.table.lines) and picture is None,
            picture_is_cut=picture is not None and is_too_large(found.table),
        ),
        language=owner.language,
        attachments=tuple(files),
        automatic=True,
    )
    return MailSend(id=turn.command_id, occurred_at=turn.at, data=data)


def _answered() -> _Answered:
    """The answer to the question in the address, as the page of the report gets it."""
    form, directory = Form(request.args), wired().directory
    asked = read_question(form, directory)
    if form.errors:
        # The page leaves out what it does not understand, and says so: here nobody would read it.
        field, words = next(iter(form.errors.items()))
        raise InvalidRequest(field, words)
    report = wired().reporting.report(asked.question)
    table = report_table(asked.question, report, asked.figures)
    return _Answered(asked, report, table, directory.kinds())


def _workbook(wiring: Wiring, one: ReportMail, found: _Answered) -> Attachment:
    with report_workbook(found.table, found.kinds) as file:
        return keep_file(wiring.files, f"{one.name}.xlsx", MIME_TYPE, file.read())


def _picture(wiring: Wiring, one: ReportMail, found: _Answered) -> Attachment | None:
    """The graph; None where there is nothing to draw, or it fails."""
    if not found.table.lines:
        return None
    names = {kind.code: kind.name for kind in found.kinds}
    drawing = drawing_of(found.table, found.asked.shape, names)
    try:
        content = picture_of(drawing, wiring.settings.home)
    except PictureFailed as error:
        log.warning("a report is mailed without its picture", report=one.id, why=str(error))
        return None
    return keep_file(wiring.files, f"{one.name}.png", "image/png", content)
