"""The doors of the cases service; what happens behind them stands in actions/ and queries."""

from __future__ import annotations

from typing import Any

from services.cases import (
    calendar_events,
    case_board,
    case_counts,
    case_groups,
    case_lists,
    case_neighbours,
    directory,
    metrics,
    portal_views,
    queries,
    side_tables,
    store,
    tables,
    template_store,
)
from services.cases.actions.preview_template import preview_template
from services.cases.directory_history import changes_of
from services.cases.doors import carry_out
from services.cases.quality_actions import list_actions
from services.cases.sight import seen_case
from services.cases.wiring import Wiring, build
from services.contracts.calendar import CalendarQuestion
from services.contracts.case_commands import CaseGlance, CaseQuestion
from services.contracts.case_views import BoardQuestion, CountQuestion, GroupQuestion
from services.contracts.directory import Partner, PreviewTemplate, Section, User
from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING, NotFound
from services.contracts.portal import PortalPlace
from services.contracts.reading import read
from services.messaging.bus import Bus, Provided
from services.messaging.consumer import consume
from services.messaging.door import rpc
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.runtime.clock import now

Json = dict[str, Any]
door = rpc(expected_exceptions=CROSSING)


class Service:
    """Cases and the directory around them, by RPC and by the bus."""

    name = "cases"
    wired: Wiring = Provided(build)
    bus = Bus()

    @consume("casewire.cases")
    def take_in(self, messages: list[Envelope]) -> list[Failure]:
        return self.wired.take_effect(messages)

    @every(seconds=lambda: 5.0)
    def observe(self) -> None:
        with self.wired.reading() as connection:
            metrics.OPEN_CASES.set(store.count_of_unclosed(connection))

    @door
    def create_case(self, command: Json) -> Json:
        return self._carry_out("create_case", command)

    @door
    def change_case(self, command: Json) -> Json:
        return self._carry_out("change_case", command)

    @door
    def move_case(self, command: Json) -> Json:
        return self._carry_out("move_case", command)

    @door
    def escalate_case(self, command: Json) -> Json:
        return self._carry_out("escalate_case", command)

    @door
    def add_message(self, command: Json) -> Json:
        return self._carry_out("add_message", command)

    @door
    def change_cases(self, command: Json) -> Json:
        return self._carry_out("change_cases", command)

    @door
    def move_event(self, command: Json) -> Json:
        return self._carry_out("move_event", command)

    @door
    def send_invitation(self, command: Json) -> Json:
        return self._carry_out("send_invitation", command)

    @door
    def merge_case(self, command: Json) -> Json:
        return self._carry_out("merge_case", command)

    @door
    def split_case(self, command: Json) -> Json:
        return self._carry_out("split_case", command)

    @door
    def link_cases(self, command: Json) -> Json:
        return self._carry_out("link_cases", command)

    @door
    def unlink_cases(self, command: Json) -> Json:
        return self._carry_out("unlink_cases", command)

    @door
    def save_quality_action(self, command: Json) -> Json:
        return self._carry_out("save_quality_action", command)

    @door
    def end_portal_links(self, command: Json) -> Json:
        return self._carry_out("end_portal_links", command)

    @door
    def portal_view(self, token: str) -> Json:
        with self.wired.reading() as connection:
            return portal_views.portal_view(connection, token, now()).model_dump(mode="json")

    @door
    def portal_answer(self, command: Json) -> Json:
        return self._in_portal("portal_answer", command)

    @door
    def portal_close(self, command: Json) -> Json:
        return self._in_portal("portal_close", command)

    @door
    def portal_ask_for_cases(self, command: Json) -> Json:
        return self._in_portal("portal_ask_for_cases", command)

    @door
    def list_quality_actions(
        self,
        owner_id: int | None = None,
        done: bool = False,
        cursor: str | None = None,
        limit: int = 50,
        asker_id: int | None = None,
    ) -> Json:
        with self.wired.reading() as connection:
            return list_actions(connection, owner_id, done, cursor, limit, asker_id=asker_id)

    @door
    def save_user(self, command: Json) -> Json:
        return self._carry_out("save_user", command)

    @door
    def save_section(self, command: Json) -> Json:
        return self._carry_out("save_section", command)

    @door
    def save_partner(self, command: Json) -> Json:
        return self._carry_out("save_partner", command)

    @door
    def save_category(self, command: Json) -> Json:
        return self._carry_out("save_category", command)

    @door
    def save_partner_category(self, command: Json) -> Json:
        return self._carry_out("save_partner_category", command)

    @door
    def save_kind(self, command: Json) -> Json:
        return self._carry_out("save_kind", command)

    @door
    def save_template(self, command: Json) -> Json:
        return self._carry_out("save_template", command)

    @door
    def get_case(self, number: int, asker_id: int | None = None) -> Json:
        with self.wired.reading() as connection:
            return queries.view(connection, number, asker_id).model_dump(mode="json")

    @door
    def glance_at_case(self, number: int, asker_id: int | None = None) -> Json:
        with self.wired.reading() as connection:
            case = seen_case(connection, asker_id, number)
        return CaseGlance(number=number, version=case.version).model_dump(mode="json")

    @door
    def list_events(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            return calendar_events.list_events(connection, read(CalendarQuestion, question))

    @door
    def list_cases(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            return case_lists.list_cases(connection, read(CaseQuestion, question))

    @door
    def get_board(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            found = case_board.get_board(connection, read(BoardQuestion, question))
        return found.model_dump(mode="json")

    @door
    def count_cases(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            found = case_counts.count_cases(connection, read(CountQuestion, question))
        return found.model_dump(mode="json")

    @door
    def list_groups(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            found = case_groups.list_groups(connection, read(GroupQuestion, question))
        return found.model_dump(mode="json")

    @door
    def find_neighbours(self, question: Json, number: int) -> Json:
        with self.wired.reading() as connection:
            asked = read(CaseQuestion, question)
            found = case_neighbours.find_neighbours(connection, asked, number)
        return found.model_dump(mode="json")

    @door
    def list_tags(self, asker_id: int | None = None) -> list[Json]:
        with self.wired.reading() as connection:
            return side_tables.list_tags(connection, asker_id)

    @door
    def get_user(self, id: int) -> Json:
        with self.wired.reading() as connection:
            return directory.get(connection, User, id).model_dump(mode="json")

    @door
    def get_user_by_login(self, login: str) -> Json:
        with self.wired.reading() as connection:
            user = directory.user_by_login(connection, login)
        if user is None:
            raise NotFound("user", login)
        return user.model_dump(mode="json")

    @door
    def list_users(self) -> list[Json]:
        with self.wired.reading() as connection:
            return [user.model_dump(mode="json") for user in directory.every(connection, User)]

    @door
    def get_section(self, id: int) -> Json:
        with self.wired.reading() as connection:
            return directory.get(connection, Section, id).model_dump(mode="json")

    @door
    def list_sections(self) -> list[Json]:
        with self.wired.reading() as connection:
            return [one.model_dump(mode="json") for one in directory.every(connection, Section)]

    @door
    def get_partner(self, id: int) -> Json:
        with self.wired.reading() as connection:
            return directory.get(connection, Partner, id).model_dump(mode="json")

    @door
    def list_partners(
        self, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        with self.wired.reading() as connection:
            return queries.list_partners(connection, q, cursor, limit)

    @door
    def list_kinds(self) -> list[Json]:
        with self.wired.reading() as connection:
            return [kind.model_dump(mode="json") for kind in directory.kinds(connection)]

    @door
    def get_template(self, id: int) -> Json:
        with self.wired.reading() as connection:
            return template_store.get(connection, id).model_dump(mode="json")

    @door
    def list_templates(self) -> list[Json]:
        with self.wired.reading() as connection:
            return [one.model_dump(mode="json") for one in template_store.every(connection)]

    @door
    def preview_template(self, question: Json) -> Json:
        with self.wired.reading() as connection:
            return dict(preview_template(connection, read(PreviewTemplate, question)))

    @door
    def list_categories(self) -> list[Json]:
        return self._nodes(tables.categories)

    @door
    def list_partner_categories(self) -> list[Json]:
        return self._nodes(tables.partner_categories)

    @door
    def list_directory_history(self, what: str, key: str) -> list[Json]:
        with self.wired.reading() as connection:
            found = changes_of(connection, what, str(key))
        return [change.model_dump(mode="json") for change in found]

    @door
    def read_events(self, after: int = 0, limit: int = 1000) -> Json:
        with self.wired.reading() as connection:
            outbox = self.wired.transactions.outbox
            rows, end = outbox.log(connection, after, limit), outbox.log_end(connection)
        items = [{"position": row.position, "type": row.type, "body": row.body} for row in rows]
        return {"items": items, "last": rows[-1].position if rows else after, "end": end}

    def _carry_out(self, name: str, command: Json) -> Json:
        return carry_out(self.wired.transactions, name, command)

    def _in_portal(self, name: str, command: Json) -> Json:
        """Tokens are made for the answer and kept with none: where they lie they are a right."""
        number = self._carry_out(name, command)["number"]
        with self.wired.reading() as connection:
            token = portal_views.portal_link(connection, number, now())
        return PortalPlace(token=token).model_dump(mode="json")

    def _nodes(self, table: Any) -> list[Json]:
        with self.wired.reading() as connection:
            nodes = directory.tree(connection, table).values()
            return [node.model_dump(mode="json") for node in nodes]
