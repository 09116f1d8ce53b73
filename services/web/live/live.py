"""What keeps open pages fresh, put together: the hub, and the threads to and from the bus."""

from __future__ import annotations

import threading
from collections.abc import Callable

from services.contracts.envelope import Actor
from services.contracts.messages import read_message
from services.contracts.presence import Presence, PresenceNoted
from services.contracts.routes import CASE_EVENTS
from services.messaging.announcer import Announcer
from services.messaging.listener import Listener
from services.runtime.clock import now
from services.runtime.identity import new_id
from services.web.live.glances import Glances
from services.web.live.happening import Happening, clock
from services.web.live.hub import Hub

RIGHTS_EVENTS = ("user.changed", "section.changed")


class Live:
    """Listens to the bus once started; without an address of a broker it hears of itself only."""

    def __init__(
        self, amqp_uri: str | None = None, directory_changed: Callable[[], None] = lambda: None
    ) -> None:
        self.hub = Hub()
        self.glances = Glances()
        self._directory_changed = directory_changed
        self._listener: Listener | None = None
        self._announcer: Announcer | None = None
        if amqp_uri is not None:
            types = (*CASE_EVENTS, *RIGHTS_EVENTS, PresenceNoted.TYPE)
            self._listener = Listener(amqp_uri, types, self._heard, self.hub.begin_to_hear)
            self._announcer = Announcer(amqp_uri)

    def start(self) -> None:
        """Begin to listen; to be called in the process that answers requests."""
        if self._listener is not None and self._announcer is not None:
            self._listener.start()
            self._announcer.start()

    def stop(self) -> None:
        """End all streams at once, and the threads soon."""
        self.hub.close()
        if self._listener is not None and self._announcer is not None:
            self._listener.stop()
            self._announcer.stop()

    def stop_from_signal(self) -> None:
        """As `stop`, where no lock may be waited for: the interrupted thread could hold it."""
        threading.Thread(target=self.stop, name="stopper", daemon=True).start()

    def note_presence(self, presence: Presence) -> None:
        """Take down what a page says of itself, and tell the other gateways."""
        self.hub.note_presence(presence)
        if self._announcer is not None:
            actor = Actor(kind="user", id=presence.user_id, name=presence.name)
            note = PresenceNoted(id=new_id(), occurred_at=now(), actor=actor, data=presence)
            self._announcer.announce(note)

    def _heard(self, type_name: str, body: bytes) -> None:
        if type_name in CASE_EVENTS:
            self.hub.happened(Happening(clock(), type_name, body))
        elif type_name in RIGHTS_EVENTS:
            self._directory_changed()
            self.glances.forget()
            self.hub.doubt_rights()
        else:
            note = read_message(type_name, body)
            assert isinstance(note, PresenceNoted)
            self.hub.note_presence(note.data)
