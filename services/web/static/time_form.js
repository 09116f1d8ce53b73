// The fields about the time of a case: the end follows the start, whole days have no clock.
(() => {
  const part = (fields, name) => fields.querySelector(`[name="${name}"]`);
  const clock = (text) => Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`);
  const written = (moment, kind) => new Date(moment).toISOString().slice(0, kind === "date" ? 10 : 16);
  const begins = new WeakMap(); // where the start was before it moves

  const length = (fields) => {
    const minutes = Number(part(fields, "duration_minutes").value);
    return Number.isFinite(minutes) ? minutes * 60e3 : 0;
  };

  const wholeDays = (fields, all) => {
    for (const name of ["start", "end"]) {
      const field = part(fields, name);
      const text = field.value;
      field.value = ""; // what is no day is none a field of days may hold
      field.type = all ? "date" : "datetime-local";
      if (text) field.value = all ? text.slice(0, 10) : `${text.slice(0, 10)}T${name === "start" ? "09:00" : "10:00"}`;
    }
  };

  document.addEventListener("focusin", ({ target }) => {
    const fields = target.closest("[data-time]");
    if (fields) begins.set(fields, part(fields, "start").value);
  });

  document.addEventListener("change", ({ target }) => {
    const fields = target.closest("[data-time]");
    if (!fields) {
      if (target.name === "kind") {
        const more = target.form?.querySelector("[data-dated]");
        if (more && more.dataset.dated.split(" ").includes(target.value)) more.open = true;
      }
      return;
    }
    const [start, end, minutes, all] = ["start", "end", "duration_minutes", "all_day"].map((name) => part(fields, name));
    if (target === all) wholeDays(fields, all.checked);
    if (target === start && start.value) {
      const before = begins.get(fields);
      if (end.value && before) end.value = written(clock(end.value) + clock(start.value) - clock(before), end.type);
      else if (length(fields)) end.value = written(clock(start.value) + length(fields) - (all.checked ? 60e3 : 0), end.type);
      begins.set(fields, start.value);
    }
    if (target === minutes && start.value && !all.checked) end.value = minutes.value ? written(clock(start.value) + length(fields), end.type) : "";
    if (end.value && start.value && target !== minutes) {
      const lasts = (clock(end.value) - clock(start.value)) / 60e3 + (all.checked ? 1440 : 0);
      minutes.value = lasts >= 0 ? lasts : "";
    }
  });
})();
