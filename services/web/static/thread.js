// The discussion of a case: pictures opened large, the way to the newest entry, and links that
// open the entry they lead to. Without this, pictures open in a tab of their own.
(() => {
  let box = null;
  let shown = null;

  const thumbs = () => [...document.querySelectorAll("a[data-lightbox]")];

  const part = (tag, name, words = "") => {
    const made = document.createElement(tag);
    made.className = name;
    if (words) made.setAttribute("aria-label", words);
    return made;
  };

  const button = (name, words, sign, act) => {
    const made = part("button", `cw-lightbox-button ${name}`, words);
    made.type = "button";
    made.textContent = sign;
    made.addEventListener("click", act);
    return made;
  };

  const build = () => {
    const words = document.querySelector(".cw-thread").dataset;
    box = part("dialog", "cw-lightbox", words.picture);
    box.id = "lightbox";
    const picture = part("img", "cw-lightbox-picture");
    const foot = part("p", "cw-lightbox-foot");
    const download = part("a", "btn btn-sm");
    download.textContent = words.download;
    download.download = "";
    foot.append(part("span", "cw-lightbox-name"), download);
    box.append(
      picture,
      button("is-before", words.before, "‹", () => step(-1)),
      button("is-behind", words.behind, "›", () => step(1)),
      button("is-close", words.close, "×", () => box.close()),
      foot,
    );
    box.addEventListener("click", (event) => event.target === box && box.close());
    box.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) step(way);
    });
    box.addEventListener("close", () => shown?.focus());
    document.body.append(box);
  };

  const show = (link) => {
    shown = link;
    const picture = box.querySelector("img");
    picture.src = link.href;
    picture.alt = link.querySelector("img").alt;
    box.querySelector(".cw-lightbox-name").textContent = link.title;
    box.querySelector("a").href = link.dataset.lightbox;
    for (const one of box.querySelectorAll(".is-before, .is-behind")) one.hidden = thumbs().length < 2;
  };

  const step = (by) => {
    const all = thumbs();
    show(all.at((all.indexOf(shown) + by + all.length) % all.length));
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!box) build();
    show(link);
    box.showModal();
  });

  // A link to an entry that is folded unfolds it.
  const unfold = () => {
    if (!location.hash) return;
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target?.closest(".cw-entry")?.querySelector("details.cw-bubble");
    if (folded) folded.open = true;
    const history = target?.closest("details.cw-earlier");
    if (history) history.open = true;
    if (folded || history) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // The way to the newest entry is shown only where that is out of sight.
  const jump = document.querySelector("[data-jump]");
  const newest = document.querySelector(".cw-entry:last-of-type");
  if (jump && newest) {
    new IntersectionObserver(([seen]) => {
      jump.hidden = seen.isIntersecting || seen.boundingClientRect.top < 0;
    }).observe(newest);
  }
})();
