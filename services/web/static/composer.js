// The answer box: predefined answers at the cursor, people in copy, a box as tall as its text.
// Without this answers are chosen on a page of their own, and people are written with commas.
(() => {
  const form = document.querySelector("form[data-composer]");
  if (!form) return;
  const text = form.elements.text;
  const wrong = form.querySelector("[data-composer-wrong]");

  const changed = () => form.dispatchEvent(new CustomEvent("draft:changed"));
  const element = (tag, name, words = "") => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = words;
    return made;
  };

  // ---- as tall as its text, up to most of the window
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, innerHeight * 0.6)}px`;
  };
  text.addEventListener("input", grow);
  grow();

  // ---- people in copy
  const add = form.elements.add_cc;
  const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
  const count = () => {
    const ticked = form.querySelectorAll('[data-copies] input[type="checkbox"]:checked').length;
    for (const place of form.querySelectorAll("[data-copies-count]")) place.textContent = ticked;
  };
  const copyTo = (written) => {
    const label = element("label", "cw-copy is-new");
    const box = element("input");
    box.type = "checkbox";
    box.name = "new_cc";
    box.value = written;
    box.checked = true;
    label.title = written;
    label.append(box, element("span", "", written.replace(/\s*<.*>$/, "") || written));
    add.before(label);
  };
  const join = () => {
    const written = add.value.split(/[,;]/).map((one) => one.trim()).filter(Boolean);
    const bad = written.find((one) => !ADDRESS.test(one.replace(/^.*<|>\s*$/g, "").trim()));
    add.setCustomValidity(bad ? add.dataset.wrong : "");
    if (bad || !written.length) return !bad;
    written.forEach(copyTo);
    add.value = "";
    count();
    changed();
    return true;
  };
  if (add) {
    add.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "," && event.key !== ";") return;
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault(); // one more person is not yet the end of the answer
      if (!join()) add.reportValidity();
    });
    add.addEventListener("change", join);
    add.addEventListener("input", (event) => {
      add.setCustomValidity("");
      // A suggestion that is chosen comes as a whole.
      if (event.inputType === "insertReplacementText" || !event.inputType) join();
    });
    form.addEventListener("change", count);
  }
  // A note goes to nobody: what stands there half written must not hold it back.
  form.addEventListener("change", () => {
    if (add && form.elements.kind.value === "note") add.setCustomValidity("");
  });

  // ---- predefined answers
  const menu = form.querySelector("[data-answers]");
  const search = menu.querySelector("[data-answers-search]");
  const choices = () => [...menu.querySelectorAll("a[data-answer]")].filter((one) => !one.parentElement.hidden);
  const close = () => {
    menu.open = false;
    text.focus();
  };
  const insert = (words) => {
    const { selectionStart: start, selectionEnd: end, value } = text;
    const before = value && start > 0 && value[start - 1] !== "\n" ? "\n" : "";
    const after = end < value.length && !words.endsWith("\n") && value[end] !== "\n" ? "\n" : "";
    text.setRangeText(before + words + after, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };
  const fetchAnswer = async (link) => {
    wrong.textContent = "";
    try {
      const answer = await fetch(link.dataset.answer, { headers: { Accept: "application/json" } });
      const found = answer.url.includes("/sign-in") ? { problem: form.dataset.sessionOver } : await answer.json();
      if (found.text === undefined) throw new Error(found.problem ?? form.dataset.notFilled);
      insert(found.text);
    } catch (error) {
      // What the browser itself says of a lost connection is no sentence for people.
      wrong.textContent = error.constructor === Error ? error.message : form.dataset.notFilled;
      close();
    }
  };
  menu.addEventListener("toggle", () => menu.open && search.focus());
  menu.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-answer]");
    if (!link) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("casewire:busy", { detail: fetchAnswer(link) }));
  });
  const sift = () => {
    const words = search.value.trim().toLowerCase();
    for (const link of menu.querySelectorAll("a[data-answer]")) {
      link.parentElement.hidden = !link.textContent.toLowerCase().includes(words);
    }
  };
  search.addEventListener("input", sift);
  menu.addEventListener("htmx:afterSettle", sift); // who types may be faster than the list
  menu.addEventListener("keydown", (event) => {
    const all = choices();
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? all[at - 1] : search).focus();
    else if (event.key === "Enter" && event.target === search && all.length) fetchAnswer(all[0]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });

  // ---- what was kept of an answer that was not sent (drafts.js)
  form.addEventListener("draft:put", (event) => {
    if (event.detail === null) {
      for (const one of form.querySelectorAll(".cw-copy.is-new")) one.remove();
    } else if (add) for (const value of event.detail.new_cc ?? []) copyTo(value);
    count();
    grow();
  });
})();
