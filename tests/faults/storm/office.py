"""What stands before the storm begins: people, sections, rules, accounts and a webhook."""

from __future__ import annotations

from builders.flood_mails import SUPPORT
from builders.storm_mails import EXPERTS
from faults.storm.site import Site
from support.dovecot import PASSWORD
from support.system import Api

AGENTS = 24
PARTNERS = 20
HOOKED = ("case.created", "case.state_changed", "case.escalated")


def furnish(site: Site) -> None:
    """Set it all up by the API, while nothing strikes yet."""
    api = site.system.api()
    agents = [
        api.post("/users", login=f"agent{n}", name=f"Agent {n}", address=agent(n))["id"]
        for n in range(AGENTS)
    ]
    answers = {"reply_address": SUPPORT, "plus_addresses": True}
    upper = api.post("/sections", name="Second line", member_ids=agents[:4], **answers)["id"]
    first = api.get("/sections/1")
    api.patch(
        "/sections/1",
        version=first["version"],
        member_ids=agents[4:],
        escalation_id=upper,
        **answers,
    )
    for number in range(PARTNERS):
        contacts = [{"name": f"Contact {number}", "address": known_customer(number)}]
        api.post("/partners", name=f"Partner {number}", contacts=contacts)
    _accounts(site, api)
    _rules(api)
    api.post("/webhooks", name="Hook", address=site.receiver.address, event_types=list(HOOKED))


def agent(number: int) -> str:
    """The address of one of ours."""
    return f"agent{number}@ours.example"


def known_customer(number: int) -> str:
    """The address of a contact that the directory knows."""
    return f"contact{number}@green.example"


def _accounts(site: Site, api: Api) -> None:
    template = api.post(
        "/templates", name="It came in", subject="We have it", text="Case {{ case.number }}."
    )
    new_case = {"section_id": 1, "reply_template_id": template["id"]}
    pipe = {"name": "pipe", "protocol": "pipe", "address": SUPPORT}
    port = site.lines["mailgw to IMAP"].port
    fetched = site.dovecot.account(
        name="imap", address=SUPPORT, password=PASSWORD, port=port, after_fetch="delete"
    )
    for account in (pipe, fetched):
        api.post("/accounts/incoming", **account, new_case=new_case)
        api.post(f"/accounts/incoming/{account['name']}/approve", 204)
    port = site.lines["mailgw to SMTP"].port
    api.post("/accounts/outgoing", **site.peer.account(address=SUPPORT, port=port))
    api.post("/accounts/outgoing/out/approve", 204)


def _rules(api: Api) -> None:
    new, stays = {"state_from": "none"}, {"state_from": "open", "state_to": "open"}
    opened = {"do": "set_state", "state": "open"}
    assign = {"do": "assign", "to": "round_robin"}
    answer_by = {"do": "set_deadline", "which": "response", "delay": 2, "unit": "minutes"}
    remind = {"do": "remind", "whom": "responsible", "with_discussion": True}
    for name, criteria, trigger, actions in (
        ("Assign new cases", new, {}, [assign, opened]),
        ("Answer soon", {**new, "subject_contains": "soon"}, {}, [answer_by]),
        ("Remind", {**stays, "subject_contains": "urgent"}, _after("state", 1), [remind]),
        (
            "Escalate",
            {**stays, "subject_contains": "urgent"},
            _after("state", 2),
            [{"do": "escalate"}],
        ),
        ("Too late", {}, _after("response_deadline", 0), [{"do": "add_tags", "tags": ["late"]}]),
        (
            "Raise",
            {**stays, "subject_contains": "question"},
            _after("creation", 1),
            [{"do": "set_priority", "priority": "high"}],
        ),
    ):
        api.post("/rules", name=name, criteria=criteria, trigger=trigger, actions=actions)
    for number in range(EXPERTS):  # several, since only so many copies go to one address
        criteria = {**new, "subject_contains": f"watched by expert {number}"}
        watched = {"do": "add_watchers", "addresses": [f"expert{number}@outside.example"]}
        api.post("/rules", name=f"Expert {number} watches", criteria=criteria, actions=[watched])


def _after(date: str, minutes: int) -> dict[str, object]:
    return {"date": date, "delay": minutes, "unit": "minutes"}
