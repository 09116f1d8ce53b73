"""What becomes of stored mails on an IMAP server, also where it lets nothing be done (M3, M12)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from integration.mailgw.fetched_account import FetchedAccount, mail
from support.dovecot import DovecotServer
from support.mail_proxy import MailProxy

from services.mailgw.incoming.imap_folder import Folder
from services.messaging.transaction import Transactions

RAWS = [mail(number) for number in range(3)]
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def without(*offers: str) -> object:
    """A server that does not offer some of what Dovecot does."""

    def change(folder: Folder) -> None:
        folder.offers = folder.offers - set(offers)

    return change


@ON_SQLITE
@pytest.mark.parametrize("missing", [(), ("MOVE",), ("MOVE", "UIDPLUS")], ids=str)
def test_M3_stored_mails_are_moved_and_nobody_elses_are_expunged(
    dovecot: DovecotServer, transactions: Transactions, missing: Sequence[str]
) -> None:
    dovecot.make_folder("Done")
    dovecot.drop([mail(99), *RAWS])
    with dovecot.signed_in("support") as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Deleted)")  # somebody else's
    chosen = FetchedAccount(dovecot, transactions, after_fetch="move", move_to="Done")
    assert chosen.fetch(without(*missing)).trouble == ""  # type: ignore[arg-type]
    assert chosen.stored() == RAWS
    assert dovecot.count("ALL", folder="Done") == 3
    # Without UIDPLUS they are left marked deleted: an EXPUNGE would take the other one too.
    assert dovecot.count("ALL") == (4 if "UIDPLUS" in missing else 1)
    assert dovecot.count("UNDELETED") == 0
    assert chosen.fetch(without(*missing)).new == 0  # type: ignore[arg-type]
    assert dovecot.count("ALL", folder="Done") == 3


@ON_SQLITE
def test_M3_stored_mails_are_deleted_and_nobody_elses(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.drop([mail(99), *RAWS])
    with dovecot.signed_in("support") as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Deleted)")
    chosen = FetchedAccount(dovecot, transactions, after_fetch="delete")
    assert chosen.fetch().new == 3
    assert dovecot.count("ALL") == dovecot.count("DELETED") == 1


def test_M12_a_read_only_folder_is_taken_once_and_told_of(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.make_folder("Shared")
    dovecot.drop(RAWS, folder="Shared")
    dovecot.make_read_only("Shared")
    chosen = FetchedAccount(dovecot, transactions, folder="Shared")
    first = chosen.fetch()
    assert first.new == 3 and "read-only" in first.trouble and first.left == ""
    assert chosen.remembered() == 3 and dovecot.count("UNSEEN", folder="Shared") == 3
    asked: list[str] = []
    again = chosen.fetch(lambda folder: watched(folder, asked))
    assert (again.new, asked) == (0, [])  # their contents are not asked for again
    dovecot.drop([mail(7)], folder="Shared")
    third = chosen.fetch(lambda folder: watched(folder, asked))
    assert third.new == 1 and len(asked) == 1
    assert chosen.stored() == [*RAWS, mail(7)]


def watched(folder: Folder, asked: list[str]) -> None:
    """Take down whose contents are asked for."""
    contents = folder.contents

    def listening(uids: Sequence[str]) -> dict[str, bytes]:
        asked.extend(uids)
        return contents(uids)

    folder.contents = listening  # type: ignore[method-assign]


@ON_SQLITE
def test_M12_what_could_not_be_moved_is_moved_once_it_can_be(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.drop(RAWS)
    chosen = FetchedAccount(dovecot, transactions, after_fetch="move", move_to="Later")
    first = chosen.fetch()
    assert first.new == 3 and "Mailbox doesn't exist" in first.trouble
    assert dovecot.count("UNSEEN") == 3 and chosen.remembered() == 3
    dovecot.make_folder("Later")
    assert chosen.fetch().trouble == ""
    assert dovecot.count("ALL", folder="Later") == 3 and dovecot.count("ALL") == 0
    chosen.fetch()
    assert chosen.stored() == RAWS and chosen.remembered() == 0


@ON_SQLITE
@pytest.mark.parametrize("after_fetch", ["seen", "move", "delete"])
def test_M12_over_quota_mails_are_taken_once_and_marked_when_there_is_room(
    dovecot: DovecotServer, transactions: Transactions, after_fetch: str
) -> None:
    dovecot.make_folder("Done")
    dovecot.drop(RAWS)
    proxy = MailProxy(dovecot.port)
    proxy.refusals = {r"UID (STORE|MOVE|COPY)": "{tag} NO [OVERQUOTA] Quota exceeded"}
    fields = {"port": proxy.port, "after_fetch": after_fetch, "move_to": "Done"}
    chosen = FetchedAccount(dovecot, transactions, **fields)
    for new in (3, 0):
        taken = chosen.fetch()
        assert taken.new == new and "Quota exceeded" in taken.unsettled
    assert dovecot.count("UNSEEN") == 3
    proxy.refusals = {}
    assert chosen.fetch().trouble == ""
    assert dovecot.count("UNSEEN UNDELETED") == 0 and chosen.stored() == RAWS
    proxy.close()


def test_M3_a_folder_whose_uids_became_void_gives_each_mail_once(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.make_folder("Shared")
    dovecot.drop(RAWS, folder="Shared")
    dovecot.make_read_only("Shared")
    chosen = FetchedAccount(dovecot, transactions, folder="Shared")
    keys: set[str] = set()
    chosen.fetch(lambda folder: keys.add(folder.key))
    dovecot.void_uids("Shared")
    dovecot.drop([mail(7)], folder="Shared")
    assert chosen.fetch(lambda folder: keys.add(folder.key)).new == 1
    assert len(keys) == 2
    assert sorted(chosen.stored()) == sorted([*RAWS, mail(7)])
    assert chosen.remembered() == 4  # by their new UIDs; the old ones are forgotten
