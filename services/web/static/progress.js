// What takes longer than a second shows that it is under way: a bar on top, and the page is busy.
// Scripts say what they wait for by casewire:busy with the promise. What is under way is not sent twice.
(() => {
  const PATIENCE = 1000; // ms
  const LONGEST_LEAVING = 30000; // ms: a page that was left by then is not left, but is a download
  const words = JSON.parse(document.documentElement.dataset.words).busy;
  const main = document.getElementById("main");
  const going = new Set();
  let late;

  const bar = document.createElement("div");
  bar.className = "cw-progress";
  bar.hidden = true;
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", words);
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  document.body.append(bar, told);

  const show = (isBusy) => {
    bar.hidden = !isBusy;
    told.textContent = isBusy ? words : "";
    if (isBusy) main?.setAttribute("aria-busy", "true");
    else main?.removeAttribute("aria-busy");
  };
  const begin = (what) => {
    going.add(what);
    late ??= setTimeout(show, PATIENCE, true);
  };
  const end = (what) => {
    going.delete(what);
    if (going.size) return;
    clearTimeout(late);
    late = undefined;
    show(false);
  };

  document.addEventListener("casewire:busy", ({ detail }) => {
    begin(detail);
    detail.then(() => end(detail), () => end(detail));
  });

  const sends = (element) => element.matches("button, form[method=post]");
  const sending = new Set();
  document.addEventListener("htmx:confirm", (event) => {
    if (sending.has(event.detail.elt)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    begin(detail.xhr);
    if (sends(detail.elt)) sending.add(detail.elt);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const asked = detail.requestConfig?.elt ?? detail.elt;
    end(detail.xhr);
    sending.delete(asked);
    for (const button of asked.querySelectorAll("button[data-sent]")) button.disabled = false;
  });

  // A page that is left, by a form or a link. Whether it is, is known once all others have heard it.
  const leave = () => {
    begin("page");
    setTimeout(end, LONGEST_LEAVING, "page");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.target) return;
    setTimeout(() => {
      if (event.defaultPrevented) return;
      form.dataset.sending = "";
      leave();
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    setTimeout(() => event.defaultPrevented || leave());
  });
  addEventListener("pageshow", () => {
    going.clear();
    end("page");
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  });

  // A file that takes long to make is waited for here; the browser would not say when it came.
  const save = async (link) => {
    const answer = await fetch(link.href);
    if (!answer.ok || answer.redirected) return void location.assign(link.href);
    const named = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "");
    const made = document.createElement("a");
    made.href = URL.createObjectURL(await answer.blob());
    made.download = named ? named[1] : "";
    made.click();
    setTimeout(URL.revokeObjectURL, LONGEST_LEAVING, made.href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-save]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.ariaBusy) return;
    link.ariaBusy = "true";
    const saved = save(link).catch(() => location.assign(link.href)).finally(() => (link.ariaBusy = null));
    document.dispatchEvent(new CustomEvent("casewire:busy", { detail: saved }));
  });
})();
