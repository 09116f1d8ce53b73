// A field of a case that is changed where it stands: chosen is saved, Escape leaves it, and what
// the server refuses stands at the field. Without this each opens on a page of its own.
(() => {
  let last = "";

  const opened = () => {
    const form = document.querySelector("form[data-place]");
    if (!form) {
      // Back to where the reader was, for who works from the keyboard.
      if (last && document.activeElement === document.body) document.getElementById(`open-${last}`)?.focus();
      last = "";
      return;
    }
    last = form.dataset.place;
    const field = form.elements[last];
    field.focus();
    if (!("placeAtOnce" in field.dataset)) return;
    // With its list open a choice is one; closed, each press of an arrow would be.
    try {
      field.showPicker();
      field.dataset.picked = "";
    } catch {
      delete field.dataset.picked; // no list to open: "Save" does it
    }
  };

  document.addEventListener("htmx:afterSettle", opened);
  document.addEventListener("change", (event) => {
    const field = event.target.closest("form[data-place] select[data-picked]");
    if (field) field.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-place]");
    if (form && event.key === "Escape") form.querySelector("[data-place-cancel]").click();
  });

  // A conflict and a refusal are pages as well: the field stands in them with what is wrong.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.requestConfig?.elt?.matches("form[data-place]")) return;
    if (![409, 422].includes(event.detail.xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  const lost = (event) => {
    const form = event.detail.requestConfig?.elt;
    if (!form?.matches("form[data-place]")) return;
    form.querySelector("[data-place-wrong]").textContent = form.dataset.away;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  };
  document.addEventListener("htmx:responseError", lost);
  document.addEventListener("htmx:sendError", lost);
})();
