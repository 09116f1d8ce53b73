// The files of the answer box: by choice, drop and paste, each sent at once, shown as it goes, and
// taken out again before the answer is sent. Without this they are sent with the text.
(() => {
  const form = document.querySelector("form[data-composer]");
  if (!form) return;
  const PATIENCE = 1000; // what takes longer shows how far it is
  const files = form.querySelector("[data-files-chosen]");
  const chooser = form.elements.files;
  const filesWrong = form.querySelector("[data-files-wrong]");
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

  const entry = (name, bytes) => {
    const made = element("li", "cw-file");
    made.dataset.size = bytes;
    const remove = element("button", "cw-iconbutton is-small", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", form.dataset.remove.replace("{name}", name));
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

  // What was kept of an answer that was not sent (drafts.js); null: it is discarded.
  form.addEventListener("draft:put", (event) => {
    for (const one of event.detail === null ? form.querySelectorAll(".cw-file") : []) one.remove();
    for (const value of event.detail?.kept ?? []) {
      const file = JSON.parse(value);
      const made = entry(file.filename, file.size_bytes);
      kept(made, value);
      files.append(made);
    }
  });
})();
