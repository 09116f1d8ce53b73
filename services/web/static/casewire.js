// The little that pages need beside htmx; every page works without it.
(() => {
  const root = document.documentElement;
  // The texts of this page's language, as pages/script_words.py has them.
  const texts = JSON.parse(root.dataset.words);
  const plural = new Intl.PluralRules(root.lang);
  const counted = (forms, n) => (forms[plural.select(n)] ?? forms.other).replace("{n}", n);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    localStorage.setItem("theme", theme);
  });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (!localStorage.getItem("theme")) root.dataset.bsTheme = event.matches ? "dark" : "light";
  });

  // A filter left empty says nothing; it need not stand in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const field of event.target.querySelectorAll("[data-clears]")) {
      if (field.value === "") event.detail.formData.delete(field.dataset.clears);
    }
    const { formData } = event.detail;
    for (const name of new Set(formData.keys())) {
      const given = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of given) formData.append(name, value);
    }
  });

  // Words to search are asked for while they are typed. To leave their field is a change as well,
  // whose answer would take the focus from the row where the reader is by then.
  document.addEventListener("change", (event) => {
    if (event.target.matches(".cw-filters input[type=search]")) event.stopPropagation();
  }, true);

  // What was typed before the page listened is asked for as well.
  document.addEventListener("htmx:load", () => {
    const typed = document.querySelector(".cw-filters input[type=search]");
    if (typed && typed === document.activeElement && typed.value !== typed.defaultValue) {
      typed.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, { once: true });

  // "/" searches, "c" opens a case, "e" edits, "r" answers; never while somebody types.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing) typing.blur();
    if (typing) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea")) target.focus();
    else target.click();
  });

  // Who works from the keyboard keeps his place: the button that asked may have been replaced.
  document.addEventListener("htmx:afterSettle", (event) => {
    const asked = event.detail.requestConfig?.elt;
    if (asked?.matches("button[id]") && document.activeElement === document.body) {
      document.getElementById(asked.id)?.focus();
    }
  });

  // What opens over the page closes when the focus goes on, and by Escape.
  document.addEventListener("focusin", (event) => {
    for (const open of document.querySelectorAll("details.cw-pop[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest("details.cw-pop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // Ctrl-Enter sends what is written.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form");
    if (form && event.target.matches("textarea")) form.requestSubmit();
  });

  // One click is one command; the key in the form would make a second one harmless anyway.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    setTimeout(() => {
      for (const button of event.target.querySelectorAll("button:enabled")) {
        button.disabled = true;
        button.dataset.sent = "";
      }
    });
  });
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[data-sent]")) button.disabled = false;
  });

  // The whole row of a list is a link to its case.
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".cw-cases tbody tr");
    if (!row || event.target.closest("a, button, input, label") || getSelection().toString()) return;
    row.querySelector(".c-subject a").click();
  });

  // "All on this page" ticks them all, and says no longer "all" once one is taken out.
  document.addEventListener("change", (event) => {
    const form = event.target.closest(".cw-bulk-form");
    if (!form || event.target.type !== "checkbox") return;
    const boxes = [...form.querySelectorAll('input[name="number"]')];
    const all = form.querySelector("[data-tick-all]");
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    form.querySelector("[data-ticked]").textContent = counted(texts.ticked, ticked);
  });

  // What needs one more answer opens over the page; without this it is a page of its own.
  document.addEventListener("click", async (event) => {
    const dialog = document.getElementById("dialog");
    if (event.target === dialog || (event.target.closest("[data-close]") && dialog?.open)) {
      event.preventDefault();
      dialog.close();
      return;
    }
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.replaceChildren();
    await htmx.ajax("GET", link.href, { target: dialog, select: "#dialog-body", swap: "innerHTML" });
    if (!dialog.firstElementChild) location.href = link.href;
    else dialog.showModal();
  });

  // The same as `minutes_text` in pages/spans.py: the two greatest units.
  const units = [...texts.steps].reverse();
  const span = (seconds) => {
    const first = units.findIndex((unit) => seconds >= unit.seconds);
    if (first < 0) return counted(units.at(-1).plain, 0);
    let rest = seconds;
    return units.map((unit, place) => {
      const count = Math.floor(rest / unit.seconds);
      rest %= unit.seconds;
      return count && place >= first && place <= first + 1 ? counted(unit.plain, count) : "";
    }).filter(Boolean).join(" ");
  };
  // The same as `relative` in pages/moments.py; undefined for a moment that is far away.
  const relative = (seconds, short) => {
    if (Math.abs(seconds) < 60) return texts.now;
    const step = texts.steps.find((one) => Math.abs(seconds) < one.limit);
    const forms = seconds < 0 ? step?.ahead : short ? step?.plain : step?.ago;
    return forms && counted(forms, Math.floor(Math.abs(seconds) / step.seconds));
  };
  const refresh = () => {
    for (const time of document.querySelectorAll("time[data-left]")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const words = seconds < 0 ? texts.late : texts.left;
      time.textContent = words.replace("{span}", span(Math.abs(seconds)));
      time.closest(".cw-due")?.classList.toggle("is-late", seconds < 0);
    }
    for (const time of document.querySelectorAll("time[datetime]:not([data-left], [data-still])")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      time.textContent = relative(seconds, "short" in time.dataset) ?? time.textContent;
    }
  };
  setInterval(refresh, 30000);
})();
