"""Fetching the new mails of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from imap_tools.errors import MailboxFetchError

from services.mailgw import metrics
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.mailbox import Folder
from services.messaging.transaction import Transactions

BATCH_MAILS = 50
BATCH_BYTES = 16 * 1024 * 1024
MOST_MAIL_BYTES = 100 * 1024 * 1024


def fetch(
    transactions: Transactions,
    account: str,
    folder: Folder,
    stored: Callable[[], None] = lambda: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Store the folder's new mails and mark them seen; answers how many had not been stored yet.

    A mail is marked only behind the commit that keeps it. When marking fails it comes again,
    and is known by its bytes. `stored` is called behind each commit, `stopping` is asked before
    each batch. Mails that the server does not hand out, or that are too large, hold up no other:
    they stay unseen, and ServerRefused tells of them at the end.
    """
    unseen = folder.unseen()
    takable = [(uid, size) for uid, size in unseen if size <= MOST_MAIL_BYTES]
    new = withheld = 0
    for uids in _batches(takable):
        if stopping():
            break
        contents, refused = _contents(folder, uids)
        withheld += refused
        metrics.FETCHED.inc(len(contents))
        kept = store_mails(transactions, account, list(contents.values()))
        metrics.STORED.inc(kept.new)
        new += kept.new
        stored()
        if contents:
            folder.mark_seen(list(contents))
    _tell_of_the_rest(len(unseen) - len(takable), withheld)
    return new


def _contents(folder: Folder, uids: Sequence[str]) -> tuple[dict[str, bytes], int]:
    """The mails' bytes, and how many of them the server refuses to hand out."""
    try:
        return folder.contents(uids), 0
    except MailboxFetchError:
        if len(uids) == 1:
            return {}, 1
    found: dict[str, bytes] = {}
    refused = 0
    for uid in uids:
        one, without = _contents(folder, [uid])
        found |= one
        refused += without
    return found, refused


def _tell_of_the_rest(large: int, withheld: int) -> None:
    left = []
    if large:
        left.append(f"{large} larger than {MOST_MAIL_BYTES // 1024**2} MB")
    if withheld:
        left.append(f"{withheld} that the server does not hand out")
    if left:
        raise ServerRefused(f"mails were left in the mailbox: {', '.join(left)}")


def _batches(mails: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """The UIDs in portions that fit in memory together."""
    batch: list[str] = []
    room = BATCH_BYTES
    for uid, size in mails:
        if batch and (len(batch) >= BATCH_MAILS or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(uid)
        room -= size
    if batch:
        yield batch
