// What somebody writes is kept in his browser until the server took it: no lost session, crash
// or absent service costs a text. A form with data-draft="name" is kept under its user and name;
// data-draft-given says that the server filled it with what was sent and not taken.
// Kept is what differs from the form as it came: {at, key, version, texts, checks, more}.
(() => {
  const user = document.documentElement.dataset.user;
  const PREFIX = "draft:";
  const COOKIE = "casewire_taken";
  const PAUSE = 300;
  const KEPT_DAYS = 14;
  const NEVER = new Set(["csrf_token", "idempotency_key", "version", "cc_shown"]);
  const place = (name) => `${PREFIX}${user}:${name}`;

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(place(name)));
    } catch {
      return null; // it was not written by this script
    }
  };

  const forgetAll = () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  };

  // What is too old to be meant still.
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    let at = 0;
    try {
      at = JSON.parse(localStorage.getItem(key)).at;
    } catch {
      at = 0;
    }
    if (Date.now() - at > KEPT_DAYS * 86400000) localStorage.removeItem(key);
  }
  let forgotten = false;
  addEventListener("submit", (event) => {
    if (!event.target.closest("[data-forgets-drafts]")) return;
    forgotten = true; // and the page that is left writes none any more
    forgetAll();
  });
  if (!user) return;

  // Only what the server says that it took is let go of, and only as that form wrote it.
  const taken = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  if (taken) {
    const [, name, key] = decodeURIComponent(taken.slice(COOKIE.length + 1)).replace(/^"|"$/g, "").match(/^(.*)\/([^/]*)$/) ?? [];
    if (name && read(name)?.key === key) localStorage.removeItem(place(name));
    document.cookie = `${COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`;
  }

  const fields = (form) => [...form.elements].filter((one) => one.name && !NEVER.has(one.name) && !["password", "file", "submit", "button"].includes(one.type) && one.tagName !== "BUTTON");
  const isMore = (one) => one.name === "kept" || one.name === "new_cc"; // came while writing
  const isTick = (one) => one.type === "checkbox" || one.type === "radio";
  const first = (one) => one.tagName === "SELECT" ? ([...one.options].find((o) => o.defaultSelected) ?? one.options[0])?.value ?? "" : one.defaultValue;

  const written = (form) => {
    const all = "draftGiven" in form.dataset;
    const found = { texts: {}, checks: {}, more: {} };
    for (const one of fields(form)) {
      if (isMore(one)) {
        if (!isTick(one) || one.checked) (found.more[one.name] ??= []).push(one.value);
      } else if (isTick(one)) {
        if (all || one.checked !== one.defaultChecked) found.checks[`${one.name}=${one.value}`] = one.checked;
      } else if (all || one.value !== first(one)) found.texts[one.name] = one.value;
    }
    return found;
  };

  const keep = (form) => {
    clearTimeout(form.keeping);
    form.keeping = 0;
    if (forgotten) return;
    const found = written(form);
    const some = [found.texts, found.checks, found.more].some((part) => Object.keys(part).length);
    if (!some) {
      localStorage.removeItem(place(form.dataset.draft));
      return;
    }
    const key = form.elements.idempotency_key?.value ?? "";
    const version = form.elements.version?.value;
    try {
      localStorage.setItem(place(form.dataset.draft), JSON.stringify({ at: Date.now(), key, version, ...found }));
    } catch {
      form.querySelector("[data-draft-line]")?.setAttribute("data-full", ""); // no room: as before, unsaved
    }
  };

  const put = (form, draft) => {
    for (const one of fields(form)) {
      if (isMore(one)) continue;
      if (isTick(one)) {
        const tick = draft.checks[`${one.name}=${one.value}`];
        if (tick !== undefined && !one.disabled) one.checked = tick;
      } else if (one.name in draft.texts) one.value = draft.texts[one.name];
    }
    // Saved on top of the version it was written on, so that what others did since is told.
    if (draft.version && form.elements.version) form.elements.version.value = draft.version;
    form.dispatchEvent(new CustomEvent("draft:put", { detail: draft.more }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const tell = (form, draft) => {
    const line = form.querySelector("[data-draft-line]");
    const at = new Date(draft.at);
    const today = at.toDateString() === new Date().toDateString();
    const hours = { hour: "2-digit", minute: "2-digit", hour12: false };
    // The language of the page, as the browser writes it where it speaks it.
    const { lang } = document.documentElement;
    const locale = navigator.languages.find((one) => one.startsWith(lang)) ?? lang;
    const time = line.querySelector("[data-draft-at]");
    time.textContent = today ? at.toLocaleTimeString(locale, hours) : at.toLocaleString(locale, { ...hours, day: "numeric", month: "short" });
    line.hidden = false;
    line.querySelector("[data-draft-discard]").addEventListener("click", () => {
      const version = form.dataset.draftFirstVersion;
      form.reset();
      if (version) form.elements.version.value = version;
      form.dispatchEvent(new CustomEvent("draft:put", { detail: null }));
      keep(form);
      line.hidden = true;
      (form.querySelector("textarea") ?? form.querySelector("input:not([type=hidden])"))?.focus();
    });
  };

  const watch = (form) => {
    if (form.draftWatched) return;
    form.draftWatched = true;
    if (form.elements.version) form.dataset.draftFirstVersion = form.elements.version.value;
    const draft = read(form.dataset.draft);
    if ("draftGiven" in form.dataset) keep(form);
    else if (draft) {
      put(form, draft);
      tell(form, draft);
    }
    const later = () => {
      clearTimeout(form.keeping);
      form.keeping = setTimeout(() => keep(form), PAUSE);
    };
    for (const what of ["input", "change", "draft:changed"]) form.addEventListener(what, later);
    form.addEventListener("submit", () => keep(form));
    form.addEventListener("reset", later);
  };

  const mark = () => {
    for (const link of document.querySelectorAll("[data-draft-of]")) {
      if (!read(link.dataset.draftOf) || link.querySelector(".cw-draft-mark")) continue;
      const dot = document.createElement("span");
      dot.className = "cw-draft-mark";
      dot.setAttribute("role", "img");
      dot.title = link.dataset.draftWords;
      dot.setAttribute("aria-label", link.dataset.draftWords);
      link.append(dot);
    }
  };

  const look = () => {
    document.querySelectorAll("form[data-draft]").forEach(watch);
    mark();
  };
  // What was typed within the last pause is written before the page goes.
  const now = () => {
    for (const form of document.querySelectorAll("form[data-draft]")) if (form.keeping) keep(form);
  };
  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", now);
  document.addEventListener("htmx:beforeSwap", now);
  document.addEventListener("htmx:afterSettle", look);
  // Behind the scripts of the page, which take part in putting back.
  addEventListener("DOMContentLoaded", look);
})();
