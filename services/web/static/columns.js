// Choosing columns: the arrows move an entry at once; they do it by a page of its own without this.
document.addEventListener("click", (event) => {
  const arrow = event.target.closest(".cw-columns [data-up]");
  if (!arrow) return;
  event.preventDefault();
  const item = arrow.closest("[data-item]");
  item.previousElementSibling?.before(item);
  arrow.focus();
});
document.addEventListener("click", (event) => {
  const open = document.querySelector(".cw-columns[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
