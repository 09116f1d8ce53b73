// Putting a list in order by mouse or finger. A list with data-sortable has items (data-item),
// each with a grip (data-grip); "sorted" tells that the order is another. The arrows beside an
// item do the same from the keyboard and without this script.
(() => {
  const EDGE = 48;
  let drag = null;

  const marked = () => document.querySelectorAll(".is-before, .is-after");
  const unmark = () => marked().forEach((item) => item.classList.remove("is-before", "is-after"));

  // The item before which the dragged one would come to lie; null behind the last.
  const follower = (y) =>
    drag.items.find((item) => {
      const box = item.getBoundingClientRect();
      return y < box.top + box.height / 2;
    }) ?? null;

  const show = () => {
    unmark();
    const next = follower(drag.y);
    if (next) next.classList.add("is-before");
    else drag.items.at(-1)?.classList.add("is-after");
  };

  const scroll = () => {
    if (!drag) return;
    const step = drag.y < EDGE ? -12 : drag.y > innerHeight - EDGE ? 12 : 0;
    if (step) {
      scrollBy(0, step);
      show();
    }
    requestAnimationFrame(scroll);
  };

  const end = (drop) => {
    if (!drag) return;
    const { list, item, y } = drag;
    const next = drop ? follower(y) : item.nextElementSibling;
    const moved = drop && next !== item.nextElementSibling;
    item.classList.remove("is-dragged");
    unmark();
    drag = null;
    if (!moved) return;
    list.insertBefore(item, next);
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.dispatchEvent(new CustomEvent("sorted", { bubbles: true }));
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const item = grip.closest("[data-item]");
    const list = item.closest("[data-sortable]");
    const items = [...list.querySelectorAll(":scope > [data-item]")].filter((one) => one !== item);
    drag = { list, item, items, y: event.clientY };
    item.classList.add("is-dragged");
    requestAnimationFrame(scroll);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.y = event.clientY;
    show();
  });
  document.addEventListener("pointerup", () => end(true));
  document.addEventListener("pointercancel", () => end(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
  });
})();
