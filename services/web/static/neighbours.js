// The question of the list that one came from is remembered for this window, so that a case
// leads on to the next one of it, also after an answer.
(() => {
  const KEY = "casewire.list";
  const VIEWS = ["/cases", "/cases/board", "/cases/graph"];

  const remember = () => {
    if (VIEWS.includes(location.pathname)) sessionStorage.setItem(KEY, location.search);
  };

  // A case opened in a window of its own knows the list by where it was opened from.
  const question = () => {
    const from = document.referrer && new URL(document.referrer);
    if (from && from.origin === location.origin && VIEWS.includes(from.pathname)) sessionStorage.setItem(KEY, from.search);
    return sessionStorage.getItem(KEY);
  };

  remember();
  document.addEventListener("htmx:pushedIntoHistory", remember);
  document.addEventListener("submit", (event) => {
    // What a calendar or list is kept as is what its address says now.
    const field = event.target.querySelector("[data-keep]");
    if (field) field.value = `${field.dataset.keep}&${location.search.slice(1)}`;
  });
  const place = document.getElementById("neighbours");
  const asked = place && question();
  if (asked !== null && place) htmx.ajax("GET", `${place.dataset.address}${asked}`, { target: place, swap: "outerHTML" });
})();
