// The board: cards are carried from column to column by mouse, finger or their menu.
(() => {
  const told = document.getElementById("board-told");
  let from = null; // the column that a card is being dragged out of

  const columnOf = (element) => element?.closest(".cw-column");
  const board = () => document.querySelector(".cw-board[data-movable]");
  const mayGo = (column, target) => column.dataset.moves.split(" ").includes(target.dataset.state);
  const nameOf = (column) => column.getAttribute("aria-label");

  const tell = (words) => {
    told.textContent = words;
    told.classList.toggle("cw-notice", words !== "");
    told.classList.toggle("is-warning", words !== "");
  };

  const count = (column, by) => {
    const shown = column.querySelector(".cw-count");
    if (!shown) return;
    shown.dataset.count = Number(shown.dataset.count) + by;
    shown.textContent = shown.dataset.count + ("more" in shown.dataset ? "+" : "");
    const note = column.querySelector(".cw-column-note");
    if (note) note.hidden = Number(shown.dataset.count) > 0;
  };

  const ask = async (card, state) => {
    const form = card.querySelector("form");
    const body = new FormData(form);
    body.set("state", state);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401) {
      location.reload();
      throw new Error(told.dataset.away); // until the page of signing in is here
    }
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const found = isJson ? await answer.json() : {};
    if (answer.ok) return found;
    const refused = new Error(found.problem || told.dataset.away);
    refused.stale = answer.status === 409;
    throw refused;
  };

  const again = () => htmx.ajax("GET", location.href, { target: "#results", select: "#results", swap: "outerHTML" });

  // The card lies in its new column already; it goes back when the move is refused.
  const carryOut = async (card, source, target, back) => {
    card.classList.add("is-moving");
    try {
      const asked = ask(card, target.dataset.state);
      document.dispatchEvent(new CustomEvent("casewire:busy", { detail: asked }));
      const moved = await asked;
      const made = document.createElement("template");
      made.innerHTML = moved.card.trim();
      const fresh = made.content.firstElementChild;
      card.replaceWith(fresh);
      count(source, -1);
      count(target, 1);
      tell("");
      return fresh;
    } catch (problem) {
      back();
      card.classList.remove("is-moving");
      for (const button of card.querySelectorAll("button[data-sent]")) button.disabled = false;
      tell(problem.message);
      if (problem.stale) await again();
      return document.querySelector(`.cw-card[data-number="${card.dataset.number}"]`);
    }
  };

  const mark = (source) => {
    for (const column of board().querySelectorAll(".cw-column")) {
      const refuses = source && column !== source && !mayGo(source, column);
      column.classList.toggle("is-refusing", Boolean(refuses));
      column.classList.toggle("is-taking", Boolean(source && column !== source && !refuses));
    }
  };

  const under = (event) => {
    const point = event.changedTouches?.[0] ?? event;
    return columnOf(document.elementFromPoint(point.clientX, point.clientY));
  };

  const drop = (event) => {
    const { item, to, oldIndex } = event;
    const source = from;
    const back = () => source.querySelector(".cw-cards").insertBefore(item, source.querySelectorAll(".cw-card")[oldIndex] ?? null);
    from = null;
    mark(null);
    const target = columnOf(to);
    const meant = under(event.originalEvent);
    if (meant && meant !== target && meant !== source) {
      back();
      tell(told.dataset.refused.replace("{before}", nameOf(source)).replace("{after}", nameOf(meant)));
      return;
    }
    if (target === source) return;
    if (meant === source) back();
    else carryOut(item, source, target, back);
  };

  const start = () => {
    if (!board() || !window.Sortable) return;
    for (const cards of board().querySelectorAll(".cw-cards")) {
      Sortable.create(cards, {
        group: { name: "board", put: (to, out) => mayGo(columnOf(out.el), columnOf(to.el)) },
        draggable: ".cw-card",
        filter: ".cw-card-menu",
        preventOnFilter: false,
        sort: false,
        delay: 180, // by finger: a short touch scrolls, a longer one carries
        delayOnTouchOnly: true,
        touchStartThreshold: 5,
        forceFallback: true,
        fallbackOnBody: true,
        fallbackTolerance: 4,
        animation: 120,
        emptyInsertThreshold: 60,
        ghostClass: "is-ghost",
        fallbackClass: "is-carried",
        onStart: (event) => {
          from = columnOf(event.from);
          mark(from);
        },
        onEnd: drop,
      });
    }
  };

  // From the menu of a card: by key, or where dragging is too much.
  document.addEventListener("submit", async (event) => {
    const card = event.target.closest(".cw-card");
    if (!card || !event.submitter) return;
    event.preventDefault();
    const source = columnOf(card);
    const target = document.querySelector(`.cw-column[data-state="${event.submitter.value}"]`);
    const place = card.nextElementSibling;
    card.querySelector("details").open = false;
    target.querySelector(".cw-cards").prepend(card);
    const back = () => source.querySelector(".cw-cards").insertBefore(card, place);
    const shown = await carryOut(card, source, target, back);
    shown?.querySelector("summary")?.focus();
    shown?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".cw-card-menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".cw-card-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "results") start();
  });
  start();
})();
