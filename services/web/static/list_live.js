// The list stays fresh and still: what changed in a row shows in its place, and nothing moves under
// the mouse. New cases and another order wait behind a button that says how many there are.
(() => {
  const bar = document.getElementById("list-changed");
  if (!bar) return;
  const words = document.getElementById("list-changed-words").content;
  const REST_SHOWN = 4000; // at least between two looks for rows that are shown
  const REST_OTHERS = 8000; // and for cases that may have come to this list
  let changed = new Set();
  let lookedAt = -Infinity;
  let waiting;
  let fresh = null; // the list as it is by now

  const rows = (root) => new Map([...root.querySelectorAll(".cw-cases tbody tr[data-number]")].map((row) => [row.dataset.number, row]));
  const results = () => document.getElementById("results");
  const isAtWork = (row) => row.contains(document.activeElement) || row.querySelector("input:checked") !== null;

  const put = (number) => {
    const text = words.querySelector(number === 1 ? "[data-one]" : "[data-many]").textContent.trim();
    bar.querySelector("span").textContent = text.replace("{number}", number);
    bar.hidden = false;
  };

  const clear = () => {
    bar.hidden = true;
    fresh = null;
  };

  // Rows that are here and there take on what they are now; answers how many did not fit in place.
  const compare = (page) => {
    const here = rows(document);
    const there = rows(page);
    for (const [number, row] of here) {
      const now = there.get(number);
      if (!now || now.dataset.version === row.dataset.version || isAtWork(row)) continue;
      const copy = document.importNode(now, true);
      copy.classList.add("is-fresh");
      row.replaceWith(copy);
      htmx.process(copy);
    }
    const common = (one, other) => [...one.keys()].filter((number) => other.has(number));
    const inOrder = common(there, here);
    const before = common(here, there);
    const moved = inOrder.join() === before.join() ? [] : inOrder.filter((number) => changed.has(number));
    const come = [...there.keys()].filter((number) => !here.has(number));
    const gone = [...here.keys()].filter((number) => !there.has(number));
    return new Set([...come, ...gone, ...moved]).size;
  };

  const look = async () => {
    if (document.hidden || document.querySelector("dialog[open]")) return;
    lookedAt = performance.now();
    const asked = location.href;
    try {
      const answer = await fetch(asked, { redirect: "manual" });
      if (!answer.ok || asked !== location.href) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("results")) return;
      const count = compare(page);
      clear();
      if (!count) return void (changed = new Set());
      fresh = page;
      put(count);
    } catch {
      // Nobody has asked for this look; the next one comes with the next change.
    }
  };

  const plan = (rest, least) => {
    const wait = Math.max(least, lookedAt + rest - performance.now());
    if (waiting !== undefined && waiting.at <= performance.now() + wait) return;
    clearTimeout(waiting?.timer);
    waiting = { at: performance.now() + wait, timer: setTimeout(() => { waiting = undefined; look(); }, wait) };
  };

  bar.querySelector("button").addEventListener("click", () => {
    if (!fresh) return;
    const ticked = [...document.querySelectorAll('.cw-cases input[name="number"]:checked')].map((box) => box.value);
    const top = scrollY;
    const come = document.importNode(fresh.getElementById("results"), true);
    results().replaceWith(come);
    htmx.process(come);
    for (const number of ticked) {
      const box = come.querySelector(`input[name="number"][value="${number}"]`);
      if (box && !box.checked) box.click();
    }
    clear();
    changed = new Set();
    scrollTo({ top, behavior: "instant" });
    come.querySelector("tbody a")?.focus({ preventScroll: true });
  });

  document.addEventListener("casewire:changed", ({ detail }) => {
    const number = String(detail.number);
    changed.add(number);
    if (changed.size > 500) changed = new Set([number]);
    const row = rows(document).get(number);
    if (row && Number(row.dataset.version) >= detail.version) return;
    if (row) plan(REST_SHOWN, 300);
    else plan(REST_OTHERS, 1000);
  });
  document.addEventListener("casewire:refresh", () => plan(REST_OTHERS, 1000));
  document.addEventListener("htmx:afterSettle", clear); // another question was asked
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && changed.size) plan(REST_SHOWN, 300);
  });
})();
