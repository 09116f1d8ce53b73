"""The page of a case as a place to work all day: answering, looking at files, changing fields.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from support.browser import SIZES, WIDE, Visitor, signed_in, without_script
from support.system import RunningSystem, wait_for

from deploy.demo.post_office import photo

SUPPORT = "support@ours.example"
ANSWER = "Hello {{ case.contact }},\n\nwe look after {{ case.number }}.\n"
DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, bytes] of files) {
    carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
  }
  const target = document.querySelector(selector);
  for (const what of ["dragenter", "dragover", "drop"]) {
    const how = { dataTransfer: carried, bubbles: true, cancelable: true };
    target.dispatchEvent(new DragEvent(what, how));
  }
}"""
PASTE = """([selector, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def system(whole_system: RunningSystem) -> RunningSystem:
    """With a partner of two contacts, a section that answers, a colleague and an answer."""
    api = whole_system.api()
    section = api.get("/sections")["items"][0]
    api.patch(f"/sections/{section['id']}", version=section["version"], reply_address=SUPPORT)
    contacts = [
        {"name": "Maria Keller", "address": "maria@acme.example"},
        {"name": "Bob Stone", "address": "bob@acme.example"},
    ]
    api.post("/partners", name="Acme", contacts=contacts)
    api.post("/users", login="tom", name="Tom Novak", address="tom@ours.example", role="agent")
    api.post("/templates", name="Taken up", subject="Taken up", text=ANSWER)
    api.post("/templates", name="Closed", subject="Closed", text="It is done.")
    return whole_system


def a_case(system: RunningSystem, **fields: object) -> int:
    given = {"partner": "Acme", "contact_address": "maria@acme.example", **fields}
    given = {"subject": "The printer prints stripes", "state": "open", **given}
    return int(system.api().post("/cases", **given)["number"])


def open_case(
    system: RunningSystem, browser: Browser, number: int, size: str = "desk"
) -> tuple[Visitor, Page]:
    visitor = signed_in(browser, system.web, size)
    visitor.page.goto(f"/cases/{number}")
    return visitor, visitor.page


def mail_with_everything(number: int) -> bytes:
    """A mail with a picture inside it, files of every kind, a quotation and a long text."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Maria Keller <maria@acme.example>", SUPPORT
    mail["Subject"], mail["Message-ID"] = f"[{number}] Stripes", f"<{number}@acme.example>"
    lines = "\n".join(f"Line {line} of the log" for line in range(60))
    mail.set_content(f"{lines}\n\nOn Mon, 1 Jan 2024 at 10:00 Support wrote:\n> What is it?\n")
    mail.add_alternative("<p>See <b>this</b>: <img src='cid:p@acme'></p>", subtype="html")
    inside = mail.get_payload()[1]  # type: ignore[index]
    inside.add_related(photo(), "image", "png", cid="<p@acme>", filename="in.png")  # type: ignore[union-attr]
    for name, kind, content in (
        ("photo.png", "image/png", photo()),
        ("log.txt", "text/plain", b"<script>document.title = 'owned'</script>"),
        ("plan.pdf", "application/pdf", b"%PDF-1.4\n%%EOF"),
        ("evil.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        main, sub = kind.split("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


@pytest.mark.parametrize("size", SIZES)
def test_K3_an_answer_from_a_template_with_copies_dropped_and_pasted_files(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    number = a_case(system, watchers=[{"address": "old@acme.example", "name": "Old Boss"}])
    visitor, page = open_case(system, browser, number, size)
    box = page.get_by_label("Your answer")
    expect(
        page.get_by_text(f"Goes to maria@acme.example from {SUPPORT}; in copy: 1.")
    ).to_be_visible()
    box.fill("Before\nBehind")
    box.evaluate("box => box.setSelectionRange(7, 7)")
    page.get_by_title("Predefined answers").click()
    page.get_by_label("Find an answer").press_sequentially("taken")
    expect(page.locator("a[data-answer]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value(f"Before\nHello Maria Keller,\n\nwe look after {number}.\nBehind")
    expect(box).to_be_focused()
    page.locator("label.cw-copy", has_text="Old Boss").click()
    expect(page.get_by_label("Copy to Old Boss")).not_to_be_checked()
    add = page.get_by_label("Add somebody in copy")
    add.focus()
    expect(page.locator("#copy-names option").first).to_be_attached()
    assert "Bob Stone <bob@acme.example>" in page.locator("#copy-names option").evaluate_all(
        "all => all.map((one) => one.value)"
    )
    add.fill("no address")
    add.press("Enter")
    assert add.evaluate("field => field.validationMessage") == "This is no mail address."
    add.fill("Bob Stone <bob@acme.example>, tom@ours.example")
    add.press("Enter")
    expect(page.locator(".cw-copy.is-new")).to_have_count(2)
    expect(page.get_by_text("in copy: 2.")).to_be_visible()
    files = [["a.txt", "text/plain", list(b"dropped")], ["b.txt", "text/plain", list(b"not sent")]]
    page.evaluate(DROP, [".cw-thread", files])
    page.evaluate(PASTE, ["#answer", list(photo())])
    expect(page.locator("[data-files-chosen] input[name='kept']")).to_have_count(3)
    expect(page.locator(".cw-file-picture")).to_be_visible()
    page.get_by_role("button", name="Remove b.txt").click()
    visitor.shot("case-answer-box")
    box.press("Control+Enter")
    entry = page.locator(".cw-entry.is-out")
    expect(entry).to_contain_text(f"we look after {number}.")
    expect(entry.locator(".cw-attachments a")).to_have_text([re.compile("a.txt")])
    expect(entry.locator("a[data-lightbox]")).to_have_count(1)
    expect(page.get_by_label("Your answer")).to_have_value("")
    case = system.api().get(f"/cases/{number}")
    assert [(one["address"], one["side"]) for one in case["watchers"]] == [
        ("bob@acme.example", "partner"),
        ("tom@ours.example", "staff"),
    ]
    assert visitor.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_K3_files_are_looked_at_safely_and_long_texts_unfold(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    number = a_case(system)
    system.deliver(mail_with_everything(number))
    api = system.api()
    wait_for(lambda: api.get(f"/cases/{number}")["messages"], "the mail")
    visitor, page = open_case(system, browser, number, size)
    entry = page.locator(".cw-entry").first
    expect(page.locator(".cw-day")).to_have_text("Today")
    expect(entry.get_by_text("Line 59 of the log")).to_be_hidden()
    entry.get_by_text("Show the whole text").click()
    expect(entry.get_by_text("Line 59 of the log")).to_be_visible()
    expect(entry.get_by_text("> What is it?")).to_be_hidden()
    entry.get_by_text("Formatted", exact=True).click()
    inside = entry.locator(".cw-html img")
    expect(inside).to_be_visible()
    assert inside.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    thumbs = entry.locator("a[data-lightbox]")
    expect(thumbs).to_have_count(2)
    thumbs.first.focus()
    page.keyboard.press("Enter")
    large = page.get_by_role("dialog", name="Picture")
    expect(large.locator("img")).to_have_attribute("alt", "in.png")
    visitor.shot("case-lightbox")
    page.keyboard.press("ArrowRight")
    expect(large.locator("img")).to_have_attribute("alt", "photo.png")
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(thumbs.nth(1)).to_be_focused()
    with page.context.expect_page() as opened:
        entry.get_by_role("link", name="log.txt").click()
    opened.value.wait_for_load_state()
    assert "<script>" in opened.value.inner_text("body")
    assert opened.value.title() != "owned"
    for name, kind in (("plan.pdf", "application/pdf"), ("evil.svg", "application/octet-stream")):
        address = entry.get_by_role("link", name=name).get_attribute("href")
        answer = page.request.get(system.web + (address or ""))
        assert answer.headers["content-type"] == kind
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("inline" if kind == "application/pdf" else "attachment")
    entry.get_by_role("link", name="Link to this entry").click()
    assert page.url.endswith("#message-1")
    assert visitor.complaints == []


def test_K3_a_text_outlives_a_lost_session_and_a_closed_tab(
    system: RunningSystem, browser: Browser
) -> None:
    number = a_case(system)
    visitor, page = open_case(system, browser, number)
    page.get_by_text("Internal note", exact=True).click()
    page.get_by_label("Your answer").fill("An hour of thought")
    page.get_by_label("State afterwards").select_option("pending")
    page.evaluate(DROP, ["#answer", [["a.txt", "text/plain", list(b"dropped")]]])
    expect(page.locator("[data-files-chosen] input[name='kept']")).to_have_count(1)
    session = [one for one in page.context.cookies() if one["name"] == "casewire"]
    page.context.clear_cookies(name="casewire")
    page.get_by_role("button", name="Add note").click()
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill("a password for the tests")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/cases/{number}*")
    expect(
        page.get_by_text(re.compile(r"Your unsent text from \d\d:\d\d was kept"))
    ).to_be_visible()
    visitor.shot("case-kept-text")
    assert session
    again = page.context.new_page()  # the tab is gone, the browser is not
    page.close()
    again.goto(f"/cases/{number}")
    expect(again.get_by_label("Your answer")).to_have_value("An hour of thought")
    expect(again.get_by_label("State afterwards")).to_have_value("pending")
    expect(again.locator("input[name='kind'][value='note']")).to_be_checked()
    again.get_by_role("button", name="Add note").click()
    expect(again.locator(".cw-entry.is-note")).to_contain_text("An hour of thought")
    expect(again.locator(".cw-entry.is-note .cw-attachments a")).to_have_count(1)
    expect(again.locator(".cw-state")).to_have_text("Pending")
    again.reload()
    expect(again.get_by_label("Your answer")).to_have_value("")
    again.get_by_label("Your answer").fill("Not for the next one here")
    again.goto("/new-case")
    again.get_by_label("Subject").fill("Half a case")
    again.reload()
    expect(again.get_by_label("Subject")).to_have_value("Half a case")
    again.get_by_role("button", name="Discard").click()
    expect(again.get_by_label("Subject")).to_have_value("")
    again.get_by_role("button", name="Sign out").click()
    expect(again.get_by_label("Password")).to_be_visible()
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"
    assert again.evaluate(kept) == []
    assert visitor.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_K1_a_field_is_changed_where_it_stands_and_a_conflict_shows_both(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    number = a_case(system)
    visitor, page = open_case(system, browser, number, size)
    page.get_by_label("Your answer").fill("Being written")
    fields = page.locator("#fields")
    fields.get_by_role("link", name="Change priority").click()
    # Its list is open before anybody can choose from it; this program would be faster.
    expect(fields.get_by_label("Priority")).to_have_attribute("data-picked", "")
    fields.get_by_label("Priority").select_option("high")
    expect(fields.get_by_role("link", name="Change priority")).to_contain_text("High")
    expect(page.locator("#history")).to_contain_text("Priority")
    expect(page.get_by_label("Your answer")).to_have_value("Being written")
    fields.get_by_role("link", name="Change due").click()
    fields.get_by_label("Due").fill("2030-01-31T12:00")
    fields.get_by_role("button", name="Save").click()
    expect(fields).to_contain_text("Thu 31 Jan 2030, 12:00")
    fields.get_by_role("link", name="Change category").click()
    expect(fields.get_by_role("combobox", name="Category")).to_be_focused()
    page.keyboard.press("Escape")  # the list that is open
    page.keyboard.press("Escape")  # the field
    expect(fields.get_by_label("Category")).to_have_count(0)

    fields.get_by_role("link", name="Change responsible").click()
    expect(fields.get_by_label("Responsible")).to_be_visible()
    api = system.api()
    version = api.get(f"/cases/{number}")["version"]
    api.patch(f"/cases/{number}", version=version, priority="low")  # another field: no conflict
    fields.get_by_label("Responsible").select_option(label="Tom Novak")
    expect(fields.get_by_role("link", name="Change responsible")).to_contain_text("Tom Novak")
    expect(fields).to_contain_text("Low")

    fields.get_by_role("link", name="Change priority").click()
    expect(fields.get_by_label("Priority")).to_be_visible()
    version = api.get(f"/cases/{number}")["version"]
    api.patch(f"/cases/{number}", version=version, priority="highest")
    fields.get_by_label("Priority").select_option("normal")
    expect(fields).to_contain_text("Administrator was faster. Now: Highest. Yours: Normal.")
    visitor.shot("case-field-conflict")
    fields.get_by_role("button", name="Save").click()
    expect(fields.get_by_role("link", name="Change priority")).to_contain_text("Normal")
    page.locator("#case-head").get_by_role("button", name="Pending").click()
    expect(page.locator(".cw-state")).to_have_text("Pending")
    assert visitor.complaints == []


def test_K2_a_kept_change_of_fields_meets_what_another_did_since(
    system: RunningSystem, browser: Browser
) -> None:
    number = a_case(system)
    visitor, page = open_case(system, browser, number)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Subject").fill("My words")
    page.get_by_label("Currency").fill("CHF")
    page.reload()
    expect(page.locator(".cw-draft-mark")).to_be_visible()
    version = system.api().get(f"/cases/{number}")["version"]
    system.api().patch(f"/cases/{number}", version=version, subject="His words", priority="high")
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Subject")).to_have_value("My words")
    expect(page.locator("#fields").get_by_text("Your unsent text from")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#fields")).to_contain_text("Somebody was faster.")
    expect(page.locator('[data-of="subject"]')).to_contain_text("His words")
    page.get_by_role("button", name="Save on top").click()
    expect(page.get_by_role("heading", name="My words")).to_be_visible()
    expect(page.get_by_role("link", name="Change priority")).to_contain_text("High")
    expect(page.locator(".cw-draft-mark")).to_have_count(0)
    assert visitor.complaints == []


def test_K1_K6_all_of_it_works_without_script(system: RunningSystem, browser: Browser) -> None:
    earlier = a_case(system, subject="Earlier trouble")
    number = a_case(system, watchers=[{"address": "old@acme.example"}])
    page = without_script(browser, system.web)
    page.goto(f"/cases/{number}")
    expect(page.locator("#partner-cases")).to_contain_text(f"{earlier} Earlier trouble")
    page.get_by_role("link", name="Change priority").click()
    page.get_by_label("Priority").select_option("high")
    page.locator("#fields").get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Change priority")).to_contain_text("High")
    page.get_by_title("Predefined answers").click()
    page.get_by_role("link", name="Predefined answers").click()
    page.get_by_role("link", name="Closed").click()
    expect(page.get_by_label("Your answer")).to_have_value("It is done.")
    page.locator("label.cw-copy", has_text="old@acme.example").click()
    page.get_by_label("Add somebody in copy").fill("bob@acme.example")
    page.get_by_label("Attach files").set_input_files(
        {"name": "one.txt", "mimeType": "text/plain", "buffer": b"one"}
    )
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".cw-entry.is-out")).to_contain_text("It is done.")
    expect(page.locator(".cw-entry.is-out .cw-attachments a")).to_have_count(1)
    expect(page.locator("#fields")).to_contain_text("bob@acme.example")
    expect(page.locator("#fields")).not_to_contain_text("old@acme.example")


def test_K3_a_large_file_shows_how_far_it_is(system: RunningSystem, browser: Browser) -> None:
    number = a_case(system)
    _, page = open_case(system, browser, number)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 150_000},
    )
    posts: list[str] = []

    def note(answer: Response) -> None:
        told = answer.url.rpartition("/")[2]
        if answer.request.method == "POST" and told != "presence":
            posts.append(told)

    page.on("response", note)
    big = {"name": "big.bin", "mimeType": "application/x-big", "buffer": b"x" * 400_000}
    page.get_by_label("Attach files").set_input_files(big)  # type: ignore[arg-type]
    page.get_by_label("Your answer").fill("It waits for its file")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator(".cw-entry.is-out .cw-attachments a")).to_contain_text("big.bin")
    assert posts == ["files", "messages"]
