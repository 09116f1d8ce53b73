"""Users, sections, names, partners and rules: added where they are not there yet."""

from __future__ import annotations

from typing import Any

from deploy.demo.absences import mark_absent
from deploy.demo.api import LARGEST_PAGE, Api
from deploy.demo.cast import companies, our_address, read
from deploy.demo.custom_fields import add_fields
from deploy.demo.errors import DemoError, Refused

GROUPS = {
    "gold": ("Support Contract / Gold",),
    "normal": ("Support Contract / Normal",),
    "none": (),
    "suppliers": ("Supplier",),
}
MAJOR = "Major client"
# In rules.yaml these go by name; the API takes their numbers.
NAMED = ("section", "category", "partner_category", "calendar", "template")


class SetUp:
    """What there is after setting up, by the name it goes by in the demo."""

    def __init__(self, admin: Api, agents_password: str) -> None:
        self._admin = admin
        self._password = agents_password
        self.users: dict[str, int] = {}
        self.sections: dict[str, dict[str, Any]] = {}
        self.numbers: dict[str, dict[str, int]] = {}

    def run(self) -> None:
        """Add what is missing. Raises DemoError."""
        try:
            self._users()
            mark_absent(self._admin, self.users, read("company.yaml")["absences"])
            self._sections()
            for what, path in (
                ("category", "/categories"),
                ("partner_category", "/partner-categories"),
            ):
                self.numbers[what] = self._tree(path, read("company.yaml")[_plural(what)])
            self.numbers["section"] = {name: one["id"] for name, one in self.sections.items()}
            self.numbers["calendar"] = self._named("/calendars", read("company.yaml")["calendars"])
            self.numbers["template"] = self._named("/templates", read("templates.yaml"))
            add_fields(self._admin, read("company.yaml")["fields"])
            self._partners()
            self._rules()
        except Refused as error:
            raise DemoError(f"the system has something else in the demo's place: {error}") from None

    def _users(self) -> None:
        """The agents, each with the password of this run."""
        there = {user["login"]: user for user in self._admin.items("/users")}
        for user in read("company.yaml")["users"]:
            address = our_address(user["login"])
            known = there.get(user["login"])
            if known is None:
                fields = {**user, "address": address, "password": self._password}
                known = self._admin.post("/users", self._key("user", user["login"]), **fields)
            elif known["address"] != address:
                raise DemoError(f"a user {user['login']} is there who is not of this demo")
            else:
                self._admin.patch(
                    f"/users/{known['id']}",
                    self._key("password", f"{user['login']} {known['version']}"),
                    version=known["version"],
                    password=self._password,
                )
            self.users[user["login"]] = known["id"]

    def _sections(self) -> None:
        there = {section["name"]: section for section in self._admin.items("/sections")}
        for section in read("company.yaml")["sections"]:
            name, above = section["name"], section.get("escalates_to")
            if name not in there:
                there[name] = self._admin.post(
                    "/sections",
                    self._key("section", name),
                    name=name,
                    reply_address=our_address(section["address"]),
                    manager_id=self.users[section["manager"]],
                    member_ids=[self.users[login] for login in section["members"]],
                    escalation_id=there[above]["id"] if above else None,
                    close_on_partner_answer=section.get("close_on_partner_answer", False),
                )
            self.sections[name] = there[name]

    def _tree(self, path: str, wanted: list[str]) -> dict[str, int]:
        """The ids of these categories by their whole path."""
        there = {node["path"]: node["id"] for node in self._admin.items(path)}
        for whole in wanted:
            above, _, name = whole.rpartition(" / ")
            if whole not in there:
                parent = {"parent_id": there[above]} if above else {}
                made = self._admin.post(path, self._key(path, whole), name=name, **parent)
                there[whole] = made["id"]
        return there

    def _named(self, path: str, wanted: list[dict[str, Any]]) -> dict[str, int]:
        """The ids of calendars or templates by their name."""
        there = {one["name"]: one["id"] for one in self._admin.items(path)}
        for fields in wanted:
            if fields["name"] not in there:
                made = self._admin.post(path, self._key(path, fields["name"]), **fields)
                there[made["name"]] = made["id"]
        return there

    def _partners(self) -> None:
        there = {one["name"] for one in self._admin.items("/partners", limit=LARGEST_PAGE)}
        for company in companies():
            if company.name not in there:
                self._admin.post(
                    "/partners",
                    self._key("partner", company.name),
                    name=company.name,
                    is_customer=company.group != "suppliers",
                    is_supplier=company.group == "suppliers",
                    contacts=[{"name": c.name, "address": c.address} for c in company.contacts],
                    category_ids=[
                        self.numbers["partner_category"][path]
                        for path in (*GROUPS[company.group], *((MAJOR,) if company.major else ()))
                    ],
                )

    def _rules(self) -> None:
        there = {rule["name"] for rule in self._admin.items("/rules")}
        for rule in read("rules.yaml"):
            if rule["name"] not in there:
                fields = {
                    **rule,
                    "criteria": self._numbered(rule["criteria"]),
                    "trigger": self._numbered(rule.get("trigger", {})),
                    "actions": [self._numbered(action) for action in rule["actions"]],
                }
                self._admin.post("/rules", self._key("rule", rule["name"]), **fields)

    def _numbered(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The same fields with numbers in the place of names."""
        return {
            f"{field}_id" if field in NAMED else field: (
                self.numbers[field][value] if field in NAMED else value
            )
            for field, value in fields.items()
        }

    def _key(self, what: str, name: str) -> str:
        return f"demo {what} {name}"


def _plural(what: str) -> str:
    return what.removesuffix("y") + "ies"
