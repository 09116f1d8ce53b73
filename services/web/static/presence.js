// Two people on one case see each other. The page says every ten seconds that it is open, and at
// once when somebody begins to write; the answer is who else is there.
(() => {
  const article = document.querySelector(".cw-case[data-presence]");
  if (!article) return;
  const EVERY = 10_000;
  const { number, presence: address, csrf } = article.dataset;
  const tab = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");
  let said = "";
  let flowing = true;
  let soon;
  let speaking = false;
  let again = false;

  const doing = () => {
    if (article.querySelector("#answer")?.value.trim()) return "answering";
    if (article.querySelector("#fields.is-editing")) return "editing";
    return "looking";
  };

  const fields = (what, fresh) => {
    const form = new FormData();
    form.set("csrf_token", csrf);
    form.set("tab", tab);
    form.set("doing", what);
    if (fresh) form.set("fresh", "on");
    return form;
  };

  const show = (html) => {
    const come = new DOMParser().parseFromString(html, "text/html").getElementById("presence");
    const shown = document.getElementById("presence");
    if (!come || !shown) return;
    if (come.innerHTML !== shown.innerHTML) shown.replaceChildren(...come.childNodes);
    const version = Number(come.dataset.version);
    if (version <= Number(article.dataset.version)) return;
    const detail = { number: Number(number), version, what: "updated", who: "" };
    document.dispatchEvent(new CustomEvent("casewire:changed", { detail }));
  };

  // One after the other: of two at once the older could arrive last and count.
  const say = async (fresh = !flowing) => {
    clearTimeout(soon);
    if (speaking) {
      again = true;
      return;
    }
    speaking = true;
    said = doing();
    try {
      const answer = await fetch(address, { method: "POST", body: fields(said, fresh), redirect: "manual" });
      if (answer.ok) show(await answer.text());
    } catch {
      // The next time is soon.
    }
    speaking = false;
    if (!again) return;
    again = false;
    say();
  };

  const sayIfNew = () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      if (doing() !== said || speaking) say();
    }, 150);
  };

  const leave = () => {
    if (said === "gone") return;
    said = "gone";
    clearTimeout(soon);
    navigator.sendBeacon(address, fields("gone"));
  };

  document.addEventListener("input", sayIfNew);
  document.addEventListener("htmx:afterSettle", sayIfNew); // the form of the fields came or went
  document.addEventListener("casewire:presence", ({ detail }) => {
    if (detail.number === Number(number) && !document.hidden) say();
  });
  document.addEventListener("casewire:refresh", () => {
    if (!document.hidden) say(true);
  });
  document.addEventListener("casewire:stream", ({ detail }) => {
    flowing = detail.flowing;
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) say(true);
    else if (doing() === "looking") leave();
  });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => {
    if (event.persisted) say(true);
  });
  setInterval(() => {
    if (!document.hidden || doing() !== "looking") say();
  }, EVERY);
  if (!document.hidden) say();
})();
