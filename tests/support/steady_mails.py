"""A partner who writes all the time, and a user who answers what is passed on to him."""

from __future__ import annotations

import threading
from pathlib import Path

from builders.mail_program import answer_to, new_mail
from support.helpdesk_office import ANN, DEMO, SUPPORT, mails_to
from support.smtp_peer import SmtpPeer
from support.system import ROOT, RunningSystem

PAUSE_SECONDS = 0.2


class SteadyMails:
    """Hands mails over by pipe, one after the other, from a thread, until it is told to stop.

    `subjects` are those of the new mails that were taken, `answered` those of the answers' cases;
    `tree` has the sources of the version that is run to hand one over.
    """

    def __init__(self, system: RunningSystem, peer: SmtpPeer) -> None:
        self.subjects: list[str] = []
        self.answered: list[str] = []
        self.tree: Path = ROOT
        self._system = system
        self._peer = peer
        self._stopping = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="steady mails", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write no more; raises what went wrong meanwhile."""
        self._stopping.set()
        self._thread.join(120)
        assert not self._thread.is_alive(), "a mail is still being handed over"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while not self._stopping.wait(PAUSE_SECONDS):
                self._write()
                self._answer()
        except BaseException as error:  # noqa: BLE001  raised where the test waits for the end
            self._error = error

    def _write(self) -> None:
        subject = f"Problem {len(self.subjects)}."
        self._hand_over(new_mail(ANN, SUPPORT, subject, "It burns.").as_bytes())
        self.subjects.append(subject)

    def _answer(self) -> None:
        """One of the mails that were passed on and have no answer yet."""
        for mail in mails_to(self._peer, DEMO):
            if mail["Subject"] not in self.answered:
                self._hand_over(answer_to(mail, DEMO, "Use water.").as_bytes())
                self.answered.append(mail["Subject"])
                return

    def _hand_over(self, raw: bytes) -> None:
        code = self._system.deliver(raw, tree=self.tree)
        assert code == 0, f"a mail was refused: {code}"
