// The little that pages need beside htmx; every page works without it.
(() => {
  const root = document.documentElement;

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
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });

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
      for (const button of event.target.querySelectorAll("button")) button.disabled = true;
    });
  });
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
  });

  // The whole row of a list is a link to its case.
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".cw-cases tbody tr");
    if (!row || event.target.closest("a, button") || getSelection().toString()) return;
    row.querySelector("a").click();
  });

  const words = [[60, 1, () => "just now"], [3600, 60, (n) => `${n} min`], [86400, 3600, (n) => `${n} h`], [1209600, 86400, (n) => `${n} d`]];
  const refresh = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      const step = words.find(([limit]) => Math.abs(seconds) < limit);
      if (!step) continue;
      const text = step[2](Math.floor(Math.abs(seconds) / step[1]));
      const past = "short" in time.dataset ? text : `${text} ago`;
      time.textContent = step[1] === 1 ? text : seconds > 0 ? past : `in ${text}`;
    }
  };
  setInterval(refresh, 30000);
})();
