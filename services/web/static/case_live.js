// The page of a case takes in what others do to it. Where nobody is at anything it does so by
// itself; else it says what happened, and what is being written stays as it is.
(() => {
  const article = document.querySelector(".cw-case[data-presence]");
  const news = document.getElementById("case-news");
  const words = document.getElementById("case-news-words")?.content;
  if (!article || !news || !words) return;
  const { number, address } = article.dataset;
  const LASTS = 15_000;
  let newest = Number(article.dataset.version);
  let told = null; // what happened and is not taken in yet
  let fading;
  let waiting;

  const sentence = (what) => words.querySelector(`[data-what="${what}"]`)?.textContent.trim();

  const isDirty = (field) => {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.id === "answer") return field.value.trim() !== "";
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (!field.options) return field.value !== field.defaultValue;
    const normal = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(normal, 0);
  };

  const isBusy = (part) =>
    part.matches(".is-editing") ||
    part.querySelector("details.cw-pop[open], details.cw-more[open]") !== null ||
    (part.contains(document.activeElement) && document.activeElement.matches("input:not([type=radio]), textarea, select")) ||
    [...part.querySelectorAll("input, textarea, select")].some(isDirty);

  const parts = () => [...article.querySelectorAll("[data-fresh]")];
  const isSelecting = () => !getSelection().isCollapsed && article.contains(getSelection().anchorNode);
  const isWriting = () => isBusy(article.querySelector("[data-composer]") ?? news);
  const isAtWork = () => document.querySelector("dialog[open]") !== null || isSelecting() || isWriting() || parts().some(isBusy);

  // What was unfolded stays so: an entry that is there already is not drawn anew.
  const keepEntries = (fresh) => {
    for (const entry of fresh.querySelectorAll("li[id^='message-']")) {
      const shown = document.getElementById(entry.id);
      if (!shown) {
        entry.classList.add("is-new");
        continue;
      }
      shown.querySelector("#latest")?.remove();
      const latest = entry.querySelector("#latest");
      if (latest) shown.prepend(latest);
      entry.replaceWith(shown);
    }
  };

  const replace = (part, fresh) => {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    keepEntries(fresh);
    // Who is here and what stands beside the case in its list come by ways of their own.
    for (const name of ["presence", "neighbours"]) {
      const present = document.getElementById(name);
      if (present && part.contains(present)) fresh.querySelector(`#${name}`)?.replaceWith(present);
    }
    part.replaceWith(fresh);
    htmx.process(fresh);
    if (!focused) return;
    const same = focused.id ? `#${CSS.escape(focused.id)}` : focused.name ? `[name="${CSS.escape(focused.name)}"]` : focused.localName;
    (fresh.matches(same) ? fresh : fresh.querySelector(same))?.focus({ preventScroll: true });
  };

  const takeIn = async () => {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) throw new Error(`the case answers ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const version = Number(page.querySelector(".cw-case")?.dataset.version);
    if (!(version >= Number(article.dataset.version))) return;
    for (const part of parts()) {
      const fresh = page.getElementById(part.id);
      if (fresh && !isBusy(part)) replace(part, fresh);
    }
    article.dataset.version = version;
    newest = Math.max(newest, version);
  };

  const isInView = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  const tell = (text, button) => {
    clearTimeout(fading);
    const line = document.createElement("p");
    line.append(text);
    if (button) line.append(" ", button);
    news.replaceChildren(line);
    if (!button) fading = setTimeout(() => news.replaceChildren(), LASTS);
  };

  const showButton = (carryOut) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = sentence("show");
    button.addEventListener("click", carryOut);
    return button;
  };

  const goToNew = () => {
    const come = [...article.querySelectorAll("li.is-new")].at(-1);
    if (come && !isInView(come)) come.scrollIntoView({ block: "center" });
    news.replaceChildren();
  };

  const failed = () => tell(sentence("failed"), showButton(show));

  const show = async () => {
    try {
      await takeIn();
      told = null;
      goToNew();
    } catch {
      failed();
    }
  };

  const lookAt = async () => {
    if (!told || document.hidden) return;
    const text = sentence(told.what).replace("{who}", told.who || sentence("somebody"));
    if (isAtWork()) return tell(text, showButton(show));
    try {
      await takeIn();
      told = null;
      const come = [...article.querySelectorAll("li.is-new")].at(-1);
      tell(text, come && !isInView(come) ? showButton(goToNew) : null);
    } catch {
      failed();
    }
  };

  document.addEventListener("casewire:changed", ({ detail }) => {
    if (detail.number !== Number(number) || detail.version <= newest) return;
    newest = detail.version;
    // "Anna replied" says more than that the state went with it.
    const isMessage = (one) => ["reply", "note", "mail"].includes(one?.what);
    if (!isMessage(told) || isMessage(detail)) told = sentence(detail.what) ? detail : { ...detail, what: "updated" };
    clearTimeout(waiting);
    waiting = setTimeout(lookAt, 200);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) lookAt();
  });
})();
