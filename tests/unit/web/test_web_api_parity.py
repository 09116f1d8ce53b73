"""O3: what a page shows or changes, a program can too: the table of pages and operations."""

from __future__ import annotations

from apiflask import APIFlask
from unit.web.web_bench import Answers

from services.web.access.roles import LEAST_ROLE, ORDER

PERSON = "it is about how a person proves himself in a browser; a program has a token"
PORTAL = "it is for a partner's contact, who has a link and no token"

# A page's route and the operations that do the same, or a sentence that says why there is none.
COUNTERPARTS: dict[str, tuple[str, ...] | str] = {
    "session.sign_in": ("tokens.create_token",),
    "session.sign_out": ("tokens.revoke_own_token",),
    "first_steps.show": "it tells what to set up next; each step is another page",
    "first_steps.put_away": "it is about what a person wants to be shown in a browser",
    "case_list.home": ("cases.list_cases",),
    "case_list.show": ("cases.list_cases",),
    "calendar.show": ("events.list_events",),
    "calendar.events": ("events.list_events",),
    "calendar.move": ("events.move_event",),
    "feeds.show": ("feeds.list_feeds",),
    "feeds.make": ("feeds.add_feed",),
    "feeds.revoke": ("feeds.revoke_feed_of_mine",),
    "feeds.read": "it is made for programs itself, which have no token",
    "case_bulk.change": ("case_selection.change_cases",),
    "case_tags.suggest": ("case_selection.list_tags",),
    "saved_filters.show": ("saved_filters.list_filters",),
    "saved_filters.save": ("saved_filters.add_saved_filter",),
    "saved_filters.change": ("saved_filters.change_saved_filter",),
    "saved_filters.up": ("saved_filters.raise_saved_filter",),
    "saved_filters.forget": ("saved_filters.delete_saved_filter",),
    "case.show": ("cases.get_case", "cases.list_messages", "cases.get_case_history"),
    "case.formatted": ("cases.list_messages",),
    "case.attachment": ("cases.get_attachment",),
    "case.edit": ("cases.get_case",),
    "case_changes.save": ("cases.change_case",),
    "case_changes.move": ("cases.move_case",),
    "case_changes.escalate": ("cases.escalate_case",),
    "case_changes.add_message": ("cases.add_message", "files.upload_file"),
    "case_relations.ask_merge": ("cases.get_case",),
    "case_relations.merge": ("case_relations.merge_case",),
    "case_relations.ask_split": ("cases.list_messages",),
    "case_relations.split": ("case_relations.split_case",),
    "case_relations.link": ("case_relations.link_cases",),
    "case_relations.unlink": ("case_relations.unlink_cases",),
    "case_quality.add": ("quality_actions.add_quality_action",),
    "case_quality.change": ("quality_actions.change_quality_action",),
    "case_quality.show": ("quality_actions.list_quality_actions",),
    "custom_fields.show": ("names.get_kind",),
    "new_case.show": ("names.list_kinds",),
    "new_case.create": ("cases.create_case",),
    "partners.show": ("partners.list_partners",),
    "partners.names": ("partners.list_partners",),
    "partners.edit": ("partners.get_partner", "directory_histories.get_partner_history"),
    "partners.save": ("partners.create_partner", "partners.change_partner"),
    "sections.show": ("sections.list_sections",),
    "sections.edit": ("sections.get_section", "directory_histories.get_section_history"),
    "sections.save": ("sections.create_section", "sections.change_section"),
    "categories.show": ("names.list_categories", "names.list_partner_categories"),
    "categories.edit": (
        *("names.get_category", "names.get_partner_category"),
        "directory_histories.get_category_history",
        "directory_histories.get_partner_category_history",
    ),
    "categories.save": (
        *("names.create_category", "names.change_category"),
        *("names.create_partner_category", "names.change_partner_category"),
    ),
    "kinds.show": ("names.list_kinds",),
    "kinds.edit": ("names.get_kind", "directory_histories.get_kind_history"),
    "kinds.save": ("names.save_kind",),
    "users.show": ("users.list_users",),
    "users.edit": (
        *("users.get_user", "directory_histories.get_user_history"),
        "user_access.get_user_access",
    ),
    "users.save": ("users.create_user", "users.change_user"),
    "rules.show": ("rules.list_rules",),
    "rules.switch": ("rules.change_rule",),
    "rules.order": ("rules.order_rules",),
    "rule.show": (
        *("rules.get_rule", "rules.get_rule_summary", "rules.list_firings"),
        *("rules.list_rule_failures", "rules.get_rule_history"),
    ),
    "rule.rehearse": ("rules.try_rule",),
    "rule.ask": ("rules.get_rule",),
    "rule.delete": ("rules.delete_rule",),
    "rule_form.edit": ("rules.get_rule",),
    "rule_form.save": ("rules.create_rule", "rules.change_rule"),
    "rule_form.read_back": "it puts the form's own fields into a sentence for people",
    "templates.show": ("templates.list_templates",),
    "templates.edit": ("templates.get_template", "templates.get_template_history"),
    "templates.save": ("templates.create_template", "templates.change_template"),
    "templates.preview": ("templates.preview_template",),
    "calendars.show": ("calendars.list_calendars",),
    "calendars.edit": ("calendars.get_calendar", "calendars.get_calendar_history"),
    "calendars.save": ("calendars.create_calendar", "calendars.change_calendar"),
    "calendars.holidays": ("calendars.list_holidays", "calendars.list_countries"),
    "report.show": ("reports.get_report",),
    "report.download": ("reports.get_report",),
    "rates.show": ("rates.get_rates",),
    "rates.save": ("rates.save_rates",),
    "report.workbook": ("reports.get_report",),
    "report_mails.show": ("report_mails.list_report_mails",),
    "report_mails.edit": ("report_mails.get_report_mail",),
    "report_mails.save": ("report_mails.create_report_mail", "report_mails.change_report_mail"),
    "report_mails.pause": ("report_mails.change_report_mail",),
    "report_mails.send": ("report_mails.send_report_mail",),
    "report_mails.delete": ("report_mails.delete_report_mail",),
    "first_report.keep": "which report opens first is of its page alone",
    "first_report.keep_for_all": "which report opens first is of its page alone",
    "gradings.show": ("gradings.list_gradings",),
    "gradings.one": ("gradings.get_grades",),
    "gradings.edit": ("gradings.get_grading",),
    "gradings.save": ("gradings.create_grading", "gradings.change_grading"),
    "gradings.delete": ("gradings.delete_grading",),
    "accounts.show": ("accounts.list_incoming", "accounts.list_outgoing"),
    "accounts.edit": ("accounts.list_incoming", "accounts.list_outgoing"),
    "accounts.save": ("accounts.save_incoming", "accounts.save_outgoing"),
    "accounts.approve": ("accounts.approve_account",),
    "accounts.stop": ("accounts.stop_account",),
    "accounts.delete": ("accounts.delete_account",),
    "accounts.test": ("accounts.test_account",),
    "accounts.fetch": ("accounts.fetch_now",),
    "mails.show": ("mails.list_mails",),
    "mails.filters": ("mails.list_mail_filters",),
    "mails.one": ("mails.get_mail",),
    "mails.source": ("mails.download_mail",),
    "mails.download": ("mails.download_mail",),
    "mails.act": ("mails.act_on_mail",),
    "mails.of_entry": ("mails.list_mails",),
    "outgoing_mails.show": ("outgoing_mails.list_outgoing_mails",),
    "outgoing_mails.act": ("outgoing_mails.act_on_outgoing_mail",),
    "webhooks.show": ("webhooks.list_webhooks",),
    "webhooks.edit": (
        *("webhooks.get_webhook", "webhooks.list_webhook_deliveries"),
        "webhooks.get_webhook_delivery",
    ),
    "webhooks.save": ("webhooks.create_webhook", "webhooks.change_webhook"),
    "webhooks.renew": ("webhooks.renew_webhook_secret",),
    "webhooks.test": ("webhooks.test_webhook",),
    "webhooks.delete": ("webhooks.delete_webhook",),
    "webhooks.again": ("webhooks.send_delivery_again",),
    "case.again": ("cases.get_case",),
    "case.look_at": ("cases.get_attachment",),
    "case_answer.choose": ("templates.list_templates",),
    "case_answer.fill_in": ("templates.preview_template",),
    "case_answer.people": ("users.list_users", "partners.list_partners"),
    "case_answer.upload": ("files.upload_file",),
    "case_board.move": ("cases.move_case",),
    "case_board.show": ("cases.list_cases", "cases.count_cases"),
    "case_graph.show": ("cases.count_cases",),
    "case_list.rows": ("cases.list_cases",),
    "case_meeting.act": ("events.move_event",),
    "case_meeting.ask": ("events.list_events",),
    "case_meeting.invite": ("meetings.send_invitation",),
    "case_meeting_words.show": "it reads a recurrence rule back as a sentence for people",
    "case_neighbours.show": ("cases.list_cases",),
    "case_portal.end": ("case_portal.end_portal_links",),
    "field_in_place.edit": ("cases.get_case",),
    "field_in_place.save": ("cases.change_case",),
    "keys.show": "it tells which keys the pages know",
    "list_columns.save": "which columns a list shows is of its page alone",
    "live.presence": "it says which page somebody looks at",
    "live.stream": "it keeps open pages fresh; a program asks for what it shows",
    "me.change_password": ("me.change_my_password",),
    "me.end_one": ("me.end_my_session",),
    "me.end_others": ("me.end_my_sessions",),
    "me.show": ("me.list_my_sessions", "two_factor.get_two_factor"),
    "oidc.answer": PERSON,
    "oidc.begin": PERSON,
    "password_reset.ask": PERSON,
    "password_reset.choose": PERSON,
    "password_reset.follow": PERSON,
    "portal.answer": PORTAL,
    "portal.ask": PORTAL,
    "portal.close": PORTAL,
    "portal.file": PORTAL,
    "portal.show": PORTAL,
    "session.code": PERSON,
    "sign_ins.show": ("user_access.list_sign_ins",),
    "two_factor.picture": ("two_factor.offer_two_factor",),
    "two_factor.show": ("two_factor.offer_two_factor",),
    "two_factor.turn_off": ("two_factor.turn_two_factor_off",),
    "two_factor.turn_on": ("two_factor.turn_two_factor_on",),
    "user_access.end_sessions": ("user_access.end_user_sessions",),
    "user_access.reset_two_factor": ("user_access.reset_user_two_factor",),
    "user_access.unlock": ("user_access.unlock_user",),
    "reference.show": "it shows the document of the API to people",
    "reference.one": "it shows the document of the API to people",
}


def test_O3_every_page_has_an_operation_that_does_the_same_or_a_reason(
    web: tuple[APIFlask, Answers],
) -> None:
    pages = {
        rule.endpoint
        for rule in web[0].url_map.iter_rules()
        if not rule.endpoint.startswith("api_") and rule.endpoint not in ("static", "openapi.spec")
    }
    assert pages == set(COUNTERPARTS)


def test_O3_every_counterpart_is_an_operation_and_lets_the_same_people_in(
    web: tuple[APIFlask, Answers],
) -> None:
    known = {rule.endpoint for rule in web[0].url_map.iter_rules()}
    for page, found in COUNTERPARTS.items():
        if isinstance(found, str):
            assert len(found.split()) > 3, page
            continue
        for name in found:
            assert f"api_{name}" in known, (page, name)
            if LEAST_ROLE[page] == "anyone":
                continue
            # Whoever may use the page may use what does the same: a program can do all he can.
            allowed = ORDER.index(LEAST_ROLE[f"api_{name}"])
            assert allowed <= ORDER.index(LEAST_ROLE[page]), (page, name)
