// The list by key: j and k go down and up its rows, x ticks one. The row whose link has the
// focus is the present one, so Enter opens it as it opens any link.
(() => {
  const links = () => [...document.querySelectorAll(".cw-cases .c-subject > a:first-child, .cw-group-head a[aria-expanded]")];
  const present = (all) => all.findIndex((link) => link.closest("tr").contains(document.activeElement));

  const go = (step) => {
    const all = links();
    if (!all.length) return;
    const now = present(all);
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
    all[next].focus({ focusVisible: true });
    all[next].closest("tr").scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x") document.activeElement.closest(".cw-cases tbody tr")?.querySelector("input[name=number]")?.click();
    else return;
    event.preventDefault();
  });
})();
