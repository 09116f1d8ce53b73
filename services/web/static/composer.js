// The answer box: files by choice, drop and paste, each sent at once and shown as it goes;
// predefined answers at the cursor; people in copy; a box as tall as its text. Without this the
// box sends its files with the text, and answers are chosen on a page of their own.
(() => {
  const form = document.querySelector("form[data-composer]");
  if (!form) return;
  const PATIENCE = 1000; // what takes longer shows how far it is
  const text = form.elements.text;
  const files = form.querySelector("[data-files-chosen]");
  const chooser = form.elements.files;
  const filesWrong = form.querySelector("[data-files-wrong]");
  const wrong = form.querySelector("[data-composer-wrong]");
  const going = new Set();
  let sending = null;

  const changed = () => form.dispatchEvent(new CustomEvent("draft:changed"));
  const element = (tag, name, words = "") => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = words;
    return made;
  };
  const root = document.documentElement;
  const texts = JSON.parse(root.dataset.words);
  const oneDigit = new Intl.NumberFormat(root.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const size = (bytes) => bytes < 1e6
    ? texts.kilobytes.replace("{n}", Math.max(1, Math.round(bytes / 1000)))
    : texts.megabytes.replace("{n}", oneDigit.format(bytes / 1e6));
  const total = () => [...files.children].reduce((sum, one) => sum + Number(one.dataset.size), 0);

  // ---- as tall as its text, up to most of the window
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, innerHeight * 0.6)}px`;
  };
  text.addEventListener("input", grow);
  grow();

  // ---- files
  const entry = (name, bytes) => {
    const made = element("li", "cw-file");
    made.dataset.size = bytes;
    const remove = element("button", "cw-iconbutton is-small", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", `${form.dataset.remove} ${name}`);
    remove.addEventListener("click", () => {
      made.request?.abort();
      made.remove();
      filesWrong.textContent = "";
      changed();
      chooser.focus();
    });
    made.append(element("span", "cw-file-name", name), element("small", "", size(bytes)), remove);
    return made;
  };

  const picture = (made, file) => {
    if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const image = element("img", "cw-file-picture");
      image.alt = "";
      image.src = reader.result;
      made.prepend(image);
    });
    reader.readAsDataURL(file);
  };

  const kept = (made, value) => {
    const field = element("input");
    field.type = "hidden";
    field.name = "kept";
    field.value = value;
    made.append(field);
  };

  const answerOf = (request) => {
    if (request.responseURL.includes("/sign-in")) return { problem: form.dataset.sessionOver };
    try {
      return JSON.parse(request.responseText);
    } catch {
      return { problem: form.dataset.notReached };
    }
  };

  const fail = (made, words) => {
    made.remove();
    filesWrong.textContent = words;
    sending = null;
  };

  const send = (file) => {
    if (total() + file.size > Number(chooser.dataset.most)) {
      filesWrong.textContent = filesWrong.dataset.tooMuch;
      return;
    }
    const made = entry(file.name, file.size);
    picture(made, file);
    files.append(made);
    const request = new XMLHttpRequest();
    made.request = request;
    const bar = element("progress", "cw-file-progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    const late = setTimeout(() => made.append(bar), PATIENCE);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      clearTimeout(late);
      bar.remove();
      going.delete(made);
      if (!made.isConnected) return;
      const answer = request.status ? answerOf(request) : { problem: form.dataset.notReached };
      if (answer.files?.length) {
        kept(made, answer.files[0].kept);
        changed();
        if (sending && !going.size) form.requestSubmit(sending);
      } else fail(made, answer.problem ?? form.dataset.notReached);
    });
    going.add(made);
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("files", file, file.name);
    request.open("POST", form.dataset.composer);
    request.send(body);
  };

  const take = (list) => {
    filesWrong.textContent = "";
    for (const file of list) send(file);
  };

  chooser.addEventListener("change", () => {
    const chosen = [...chooser.files];
    chooser.value = "";
    take(chosen);
  });

  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let leaving = 0;
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // else the browser would leave the page for the file
    form.classList.add("is-wanted");
    clearTimeout(leaving);
    leaving = setTimeout(() => form.classList.remove("is-wanted"), 300);
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.remove("is-wanted");
    take(event.dataTransfer.files);
    form.scrollIntoView({ block: "nearest" });
  });

  // A screenshot has no name of its own but "image.png", the same for each.
  const named = (file) => {
    if (file.name !== "image.png") return file;
    const at = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
    return new File([file], `screenshot-${at}.png`, { type: file.type });
  };
  form.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length) return;
    event.preventDefault();
    take(pasted.map(named));
  });

  // An answer waits for its files; then it goes by itself.
  form.addEventListener("submit", (event) => {
    if (!going.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sending = event.submitter;
  }, true);

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
    text.setRangeText(before + words, start, end, "end");
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
    fetchAnswer(link);
  });
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    for (const link of menu.querySelectorAll("a[data-answer]")) {
      link.parentElement.hidden = !link.textContent.toLowerCase().includes(words);
    }
  });
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
      for (const one of form.querySelectorAll(".cw-file, .cw-copy.is-new")) one.remove();
    } else {
      for (const value of event.detail.kept ?? []) {
        const file = JSON.parse(value);
        const made = entry(file.filename, file.size_bytes);
        kept(made, value);
        files.append(made);
      }
      if (add) for (const value of event.detail.new_cc ?? []) copyTo(value);
    }
    count();
    grow();
  });
})();
