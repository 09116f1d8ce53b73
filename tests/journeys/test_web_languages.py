"""K8: the pages in German and in French, walked through at both widths.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import EVERY_SIZE, SIZES, Visitor
from support.system import RunningSystem

from services.runtime.clock import now

PASSWORD = "ein Passwort aus vier Wörtern"
PEOPLE = {"de": ("greta", "Greta Großmann"), "fr": ("fabien", "Fabien Forêt")}
READ = (
    [(language, size) for language in PEOPLE for size in SIZES]
    if EVERY_SIZE
    else [("de", "telephone"), ("fr", "desk")]
)
# The address of each page, and what its heading or text says in German and French.
PAGES = {
    "cases": ("/cases", "Hoch|Haute"),
    "cases-in-groups": ("/cases?group=responsible&columns=subject,since,spent", "Niemand|Personne"),
    "board": ("/cases/board", "Hier ist kein Fall|Aucun dossier ici"),
    "graph": (
        "/cases/graph?by=state&then=section",
        "Fälle nach Status und Bereich|dossiers par état et section",
    ),
    "case": ("/cases/{case}", "Antwort senden|Envoyer la réponse"),
    "case-edit": ("/cases/{case}/edit", "Mit Kommas dazwischen|Séparées par des virgules"),
    "case-merge": (
        "/cases/{case}/merge?into={meeting}",
        "Mit 102 zusammenführen|Fusionner dans 102",
    ),
    "meeting": ("/cases/{meeting}", "Kommende Termine|Réunions à venir"),
    "meeting-edit": ("/cases/{meeting}/edit", "oder Dauer in Minuten|ou durée en minutes"),
    "meeting-move": ("/cases/{meeting}/meeting", "Termin absagen|Annuler la réunion"),
    "actions": ("/quality-actions?whose=all", "überfällig|en retard"),
    "keys": ("/keys", "Geschriebenes senden|Envoyer ce qui est écrit"),
    "new-case": ("/new-case", "Neuer Fall|Nouveau dossier"),
    "partners": ("/partners", "Partner hinzufügen|Ajouter un partenaire"),
    "partner": ("/partners/new", "gehört zu diesem Partner|appartient à ce partenaire"),
    "sections": ("/sections", "Bereich hinzufügen|Ajouter une section"),
    "section": ("/sections/1", "Eine Antwort per E-Mail schließt den Fall|Une réponse par e-mail"),
    "categories": ("/categories", "Kategorie hinzufügen|Ajouter une catégorie"),
    "kind": ("/kinds/helpdesk", "Eigene Felder|Champs propres"),
    "rules": ("/rules", "Neue Regel|Nouvelle règle"),
    "rule": ("/rules/1", "Was sie getan hat|Ce qu’elle a fait"),
    "rule-form": ("/rules/1/edit", "Sie liest sich so|Elle se lit ainsi"),
    "templates": ("/templates/new", "Was eine Vorlage weiß|Ce que sait un modèle"),
    "calendars": ("/calendars/new", "Arbeitszeiten|Heures de travail"),
    "report": ("/report", "Zeit bis zum Abschluss|Délai de clôture"),
    "accounts": ("/accounts", "Jetzt abholen|Relever maintenant"),
    "account": ("/accounts/incoming/new", "Verschlüsselung|Chiffrement"),
    "mails": ("/mails", "Eingegangen|Reçus"),
    "outgoing-mails": ("/outgoing-mails", "Postausgang|Sortants"),
    "mail-filters": ("/mails/filters", "Steht im Betreff|L’objet porte-t-il"),
    "calendar": ("/calendar", "Firmenkalender|Calendrier de l’entreprise"),
    "calendar-day": ("/calendar?view=timeGridDay&date=2026-12-01", "ganzer Tag|journée"),
    "calendar-month": (
        "/calendar?view=dayGridMonth&date=2026-12-01",
        "Dezember|décembre",
    ),
    "calendar-agenda": ("/calendar?view=listWeek&date=2020-01-07", "Keine Termine|Aucune réunion"),
    "feeds": ("/calendar/feeds", "Abo anlegen|Créer un flux"),
    "me": ("/me", "Passwort ändern|Changer le mot de passe"),
    "second-factor": ("/me/two-factor", "Authenticator-App|application d’authentification"),
    "users": ("/users", "Person hinzufügen|Ajouter un utilisateur"),
    "user": ("/users/1", "Anmeldeversuche|Essais de connexion"),
    "sign-ins": ("/users/sign-ins", "Angemeldet|Connecté"),
    "reference": ("/api/docs", "Programme können alles|Les programmes peuvent tout"),
    "operation": ("/api/docs/createCase", "Für die Rolle|Pour le rôle"),
    "nothing": ("/nothing-here", "Hier ist nichts|Il n’y a rien ici"),
}
SPOKEN = {
    "de": "Wenn ein Fall von irgendeinem Status auf offen wechselt und seine Priorität hoch ist: "
    "Greta Großmann zuweisen, die Frist auf 2 Tage nach seiner Eröffnung setzen und "
    "die verantwortliche Person per E-Mail mit der ganzen Diskussion erinnern.",
    "fr": "Quand un dossier passe de n’importe quel état à « ouvert » "
    "et que sa priorité est haute : l’attribuer à Greta Großmann, fixer son échéance à "
    "2 jours après son ouverture et relancer le responsable par e-mail avec la discussion.",
}
# What is cut off: a text wider than the box that it stands in.
CUT_OFF = """[...document.querySelectorAll("button, .btn, th, h1, h2, legend, .cw-tag, .cw-tab")]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.innerText)"""


@pytest.fixture(scope="module")
def office(whole_system: RunningSystem) -> dict[str, int]:
    """Two administrators who read German and French, a section, a rule, a case and a meeting.

    Answers the numbers of these two.
    """
    api = whole_system.api()
    for language, (login, name) in PEOPLE.items():
        people = {"name": name, "role": "admin", "password": PASSWORD, "language": language}
        api.post("/users", login=login, **people)
    greta = next(one for one in api.get("/users")["items"] if one["login"] == "greta")
    api.post("/sections", name="Vertrieb", manager_id=greta["id"])
    api.post(
        "/rules",
        name="Dringendes zu Greta",
        active=True,
        criteria={"state_to": "open", "priority": "high"},
        actions=[
            {"do": "assign", "to": "user", "user_id": greta["id"]},
            {"do": "set_deadline", "which": "resolution", "delay": 2, "unit": "days"},
            {"do": "remind", "whom": "responsible"},
        ],
    )
    partner = api.post("/partners", name="Acme", contacts=[{"address": "maria@acme.example"}])
    of_acme = {"partner_id": partner["id"], "contact_address": "maria@acme.example"}
    case = api.post(
        "/cases",
        subject="Drucker kaputt",
        priority="high",
        state="open",
        watchers=[{"address": "paul@acme.example"}],
        estimated_revenue=1200,
        probability=40,
        tags=["Drucker"],
        **of_acme,
    )["number"]
    api.post(f"/cases/{case}/messages", kind="note", text="Im Erdgeschoss.", minutes_spent=75)
    api.post(f"/cases/{case}/quality-actions", text="Walze tauschen", due="2020-01-01")
    starts = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    series = {"recurrence": "FREQ=WEEKLY;COUNT=8", "duration_minutes": 60, "time_zone": "UTC"}
    meeting = api.post(
        "/cases",
        subject="Wochentermin",
        kind="meeting",
        start=starts.isoformat(),
        state="open",
        **series,
        **of_acme,
    )["number"]
    api.post(f"/cases/{case}/links", other=meeting, relation="follows")
    return {"case": case, "meeting": meeting}


def sit_down(system: RunningSystem, browser: Browser, language: str, size: str) -> Visitor:
    """Sign in on the page that the browser's own language brings."""
    visitor = Visitor(browser, system.web, size, locale=f"{language}-CH")
    page = visitor.page
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    visitor.shot(f"{language}-sign-in")
    page.locator("[name=name]").fill(PEOPLE[language][0])
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return visitor


def cut_off(page: Page) -> list[str]:
    found: list[str] = page.evaluate(CUT_OFF)
    return found


@pytest.mark.parametrize(("language", "size"), READ)
def test_K8_every_page_is_read_in_german_and_french(
    whole_system: RunningSystem, browser: Browser, office: dict[str, int], language: str, size: str
) -> None:
    visitor = sit_down(whole_system, browser, language, size)
    page = visitor.page
    too_wide = {}
    mute = []
    for name, (address, words) in PAGES.items():
        page.goto(address.format(**office))
        expect(page.locator("html")).to_have_attribute("lang", language)
        told = page.locator("main").inner_text()
        if not any(one in told for one in words.split("|")):
            mute.append(f"{name}: {told[:300]}")
        visitor.shot(f"{language}-{name}")
        if found := cut_off(page):
            too_wide[name] = found
    assert (mute, too_wide) == ([], {})
    page.goto("/rules")
    expect(page.locator(".cw-rule-words p").first).to_have_text(SPOKEN[language])
    assert visitor.complaints == []


def test_K8_a_moment_goes_on_in_the_language_of_its_page_and_tells_itself_exactly(
    whole_system: RunningSystem, browser: Browser, office: dict[str, int]
) -> None:
    visitor = sit_down(whole_system, browser, "de", "desk")
    page = visitor.page
    page.clock.install()
    page.goto("/cases")
    moment = page.locator("time[datetime]:not([data-left])").first
    page.clock.fast_forward("03:00:30")
    expect(moment).to_have_text("3 Std.")
    assert ", " in (moment.get_attribute("title") or "")
    due = page.locator("time[data-left]").first
    expect(due).to_have_text("in 1 Tg. 20 Std.")


def test_K8_who_changes_his_language_reads_it_at_once(
    whole_system: RunningSystem, browser: Browser, office: dict[str, int]
) -> None:
    visitor = Visitor(browser, whole_system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    for language, heading in (("fr", "Utilisateurs"), ("en", "Users")):
        page.goto("/users/1")
        page.locator("[name=language]").fill(language)
        page.locator("main form .btn-primary").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("nav").get_by_text(heading, exact=True)).to_be_visible()
