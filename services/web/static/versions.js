// Two versions of a field side by side: the field shows the one that is chosen.
(() => {
  const fieldOf = (choice) => choice.form.elements.namedItem(choice.closest("[data-of]").dataset.of);

  document.addEventListener("change", (event) => {
    const choice = event.target;
    if (!choice.matches(".cw-versions input")) return;
    if (!choice.checked) return;
    const field = fieldOf(choice);
    if (field) field.value = choice.dataset.value;
  });

  // Who writes into the field again means his own.
  document.addEventListener("input", (event) => {
    const { form, name } = event.target;
    const mine = form && name ? form.querySelector(`.cw-versions[data-of="${CSS.escape(name)}"] input[value="mine"]`) : null;
    if (!mine) return;
    mine.checked = true;
    mine.dataset.value = event.target.value;
    mine.closest("label").querySelector("span").textContent = event.target.selectedOptions?.[0]?.text ?? event.target.value;
  });
})();
