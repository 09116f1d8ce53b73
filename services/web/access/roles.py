"""The one table of what each route asks of the user's role."""

from __future__ import annotations

from typing import Literal

Role = Literal["read-only", "agent", "manager", "admin"]
Least = Literal["anyone", "read-only", "agent", "manager", "admin"]

ORDER: tuple[Least, ...] = ("anyone", "read-only", "agent", "manager", "admin")

LEAST_ROLE: dict[str, Least] = {
    "static": "anyone",
    "openapi.spec": "anyone",
    # pages
    "session.sign_in": "anyone",
    "session.sign_out": "read-only",
    "case_list.home": "read-only",
    "case_list.show": "read-only",
    "case_bulk.change": "agent",
    "case_tags.suggest": "read-only",
    "saved_filters.show": "read-only",
    "saved_filters.save": "agent",
    "saved_filters.change": "agent",
    "saved_filters.up": "agent",
    "saved_filters.forget": "agent",
    "case.show": "read-only",
    "case.formatted": "read-only",
    "case.attachment": "read-only",
    "case.edit": "agent",
    "case_changes.save": "agent",
    "case_changes.move": "agent",
    "case_changes.escalate": "agent",
    "case_changes.add_message": "agent",
    "new_case.show": "agent",
    "new_case.create": "agent",
    "partners.show": "read-only",
    "partners.names": "read-only",
    "partners.edit": "agent",
    "partners.save": "agent",
    "sections.show": "read-only",
    "sections.edit": "manager",
    "sections.save": "manager",
    "users.show": "admin",
    "users.edit": "admin",
    "users.save": "admin",
    "rules.show": "read-only",
    "rules.switch": "admin",
    "report.show": "read-only",
    "report.download": "read-only",
    "accounts.show": "admin",
    "accounts.edit": "admin",
    "accounts.save": "admin",
    "accounts.approve": "admin",
    "accounts.test": "admin",
    "accounts.fetch": "admin",
    # API
    "api_tokens.create_token": "anyone",
    "api_tokens.revoke_own_token": "read-only",
    "api_users.get_myself": "read-only",
    "api_cases.list_cases": "read-only",
    "api_cases.get_case": "read-only",
    "api_cases.create_case": "agent",
    "api_cases.change_case": "agent",
    "api_cases.move_case": "agent",
    "api_cases.escalate_case": "agent",
    "api_cases.add_message": "agent",
    "api_cases.get_attachment": "read-only",
    "api_sections.list_sections": "read-only",
    "api_sections.get_section": "read-only",
    "api_sections.create_section": "manager",
    "api_sections.change_section": "manager",
    "api_partners.list_partners": "read-only",
    "api_partners.get_partner": "read-only",
    "api_partners.create_partner": "agent",
    "api_partners.change_partner": "agent",
    "api_users.list_users": "read-only",
    "api_users.get_user": "read-only",
    "api_users.create_user": "admin",
    "api_users.change_user": "admin",
    "api_names.list_categories": "read-only",
    "api_names.create_category": "manager",
    "api_names.change_category": "manager",
    "api_names.list_partner_categories": "read-only",
    "api_names.create_partner_category": "manager",
    "api_names.change_partner_category": "manager",
    "api_names.list_kinds": "read-only",
    "api_names.save_kind": "manager",
    "api_rules.list_rules": "read-only",
    "api_rules.get_rule": "read-only",
    "api_rules.create_rule": "admin",
    "api_rules.change_rule": "admin",
    "api_rules.delete_rule": "admin",
    "api_rules.order_rules": "admin",
    "api_rules.try_rule": "agent",
    "api_rules.get_rule_summary": "read-only",
    "api_rules.list_rule_failures": "read-only",
    "api_rules.get_rule_history": "read-only",
    "api_rules.list_firings": "read-only",
    "api_templates.list_templates": "read-only",
    "api_templates.get_template": "read-only",
    "api_templates.create_template": "manager",
    "api_templates.change_template": "manager",
    "api_templates.preview_template": "agent",
    "api_templates.get_template_history": "read-only",
    "api_calendars.list_calendars": "read-only",
    "api_calendars.get_calendar": "read-only",
    "api_calendars.create_calendar": "admin",
    "api_calendars.change_calendar": "admin",
    "api_calendars.get_calendar_history": "read-only",
    "api_calendars.list_countries": "read-only",
    "api_calendars.list_holidays": "read-only",
    "api_reports.get_report": "read-only",
    "api_accounts.list_incoming": "admin",
    "api_accounts.save_incoming": "admin",
    "api_accounts.list_outgoing": "admin",
    "api_accounts.save_outgoing": "admin",
    "api_accounts.approve_account": "admin",
    "api_accounts.test_account": "admin",
    "api_accounts.fetch_now": "admin",
}


def role_suffices(role: Role, least: Least) -> bool:
    """Whether a user of this role may use a route that asks for `least`."""
    return ORDER.index(role) >= ORDER.index(least)


def may(role: Role | None, endpoint: str) -> bool:
    """Whether a user of this role may use the route; what the table does not know, nobody may."""
    least = LEAST_ROLE.get(endpoint)
    if least is None:
        return False
    return least == "anyone" or (role is not None and role_suffices(role, least))
