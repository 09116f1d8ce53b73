// The calendar. Clock times come and go as the reader's clock shows them; the server knows his zone.
(() => {
  const element = document.getElementById("calendar");
  if (!element || !window.FullCalendar) return;
  const { events, move, csrf, day, view } = element.dataset;
  // The texts of this page's language, as pages/calendar_words.py has them.
  const words = JSON.parse(element.dataset.words);
  const language = document.documentElement.lang;
  const plural = new Intl.PluralRules(language);
  const counted = (forms, n) => (forms[plural.select(n)] ?? forms.other).replace("{n}", n);
  const byUnit = (hints) => (button, unit) => hints[unit] ?? button;
  const newCase = element.dataset.new;
  const mayMove = element.dataset.mayMove === "yes";
  const told = document.getElementById("calendar-told");
  const form = document.getElementById("calendar-filters");
  const narrow = matchMedia("(max-width: 700px)").matches;

  const question = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") fields.append(name, value);
    return fields;
  };

  const tell = (problem) => {
    told.textContent = problem;
    told.classList.toggle("cw-notice", problem !== "");
    told.classList.toggle("is-warning", problem !== "");
  };

  const ask = async (address, options) => {
    const answer = await fetch(address, { headers: { "X-CSRFToken": csrf }, ...options });
    if (answer.redirected || answer.status === 401) {
      location.reload();
      throw new Error("signed out");
    }
    const kind = answer.headers.get("Content-Type") || "";
    const body = kind.includes("json") ? await answer.json() : {};
    if (!answer.ok) throw new Error(body.problem || words.away);
    return body;
  };

  // Which of a series is meant; empty when nothing is to happen.
  const scopeOf = (event) =>
    new Promise((resolve) => {
      if (!event.extendedProps.original) return resolve("all");
      const dialog = document.getElementById("scope");
      dialog.returnValue = "";
      dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
      dialog.showModal();
    });

  const busy = (asked) => {
    document.dispatchEvent(new CustomEvent("casewire:busy", { detail: asked }));
    return asked;
  };

  const clock = (text) => (text ? text.slice(0, 19) : null);

  const eventsFrom = (begin, end) => {
    const asked = question();
    asked.set("begin", clock(begin));
    asked.set("end", clock(end));
    return ask(`${events}?${asked}`);
  };

  const carryOut = async (info) => {
    const { event } = info;
    const scope = await scopeOf(event);
    if (!scope) return info.revert();
    const { number, version, original } = event.extendedProps;
    const wanted = { number, version, original, scope, all_day: event.allDay };
    wanted.start = clock(event.startStr);
    wanted.end = clock(event.endStr);
    if (!wanted.end && !event.allDay) wanted.end = clock(new Date(event.start.getTime() + 3600e3).toISOString());
    try {
      await busy(ask(move, {
        method: "POST",
        headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" },
        body: JSON.stringify(wanted),
      }));
      tell("");
    } catch (problem) {
      info.revert();
      tell(problem.message);
    }
    calendar.refetchEvents();
    return true; // that they are read anew
  };

  const drawn = new WeakMap(); // from what is drawn to its event
  let shown = ""; // the events as they were read last

  const calendar = new FullCalendar.Calendar(element, {
    timeZone: "UTC",
    now: () => {
      const local = new Date();
      return new Date(local.getTime() - local.getTimezoneOffset() * 60e3).toISOString().slice(0, 19);
    },
    initialView: narrow && view === "timeGridWeek" ? "listWeek" : view,
    initialDate: day || undefined,
    headerToolbar: { left: "prev,next today", center: "title", right: "dayGridMonth,timeGridWeek,timeGridDay,listWeek" },
    locale: { code: language, weekTextLong: words.week_long }, // it takes this text nowhere else
    buttonText: words.buttons,
    buttonHints: { prev: byUnit(words.before), next: byUnit(words.behind), today: byUnit(words.now) },
    viewHint: words.view,
    navLinkHint: words.go,
    weekText: words.week,
    allDayText: words.all_day,
    moreLinkText: (n) => counted(words.more, n),
    moreLinkHint: (n) => counted(words.show_more, n),
    noEventsText: words.nothing,
    closeHint: words.close,
    timeHint: words.time,
    eventHint: words.event,
    firstDay: 1,
    height: "auto",
    nowIndicator: true,
    navLinks: true,
    scrollTime: "07:00:00",
    slotMinTime: "06:00:00",
    slotMaxTime: "22:00:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    views: {
      timeGrid: { dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" } },
      dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
    },
    dayMaxEvents: 4,
    weekNumbers: !narrow,
    editable: mayMove,
    selectable: newCase !== "",
    eventDrop: carryOut,
    eventResize: carryOut,
    events: async (info) => {
      const found = await busy(eventsFrom(info.startStr, info.endStr));
      shown = JSON.stringify(found.items);
      if (found.more) tell(words.too_many);
      return found.items;
    },
    eventSourceFailure: (problem) => {
      if (!told.textContent) tell(problem.message); // what was said of a drag is not said over
    },
    moreLinkDidMount: ({ el }) => el.setAttribute("role", "button"),
    eventDidMount: ({ event, el }) => {
      drawn.set(el, event);
      if (mayMove) (el.matches("a") ? el : el.querySelector("a"))?.setAttribute("aria-keyshortcuts", "Shift+ArrowUp Shift+ArrowDown Shift+ArrowLeft Shift+ArrowRight");
      const { number, who } = event.extendedProps;
      el.title = `[${number}] ${event.title}${who ? `, ${who}` : ""}`;
    },
    select: (info) => {
      const asked = new URLSearchParams({ kind: "meeting", start: clock(info.startStr) });
      const minutes = (info.end - info.start) / 60e3;
      asked.set("duration_minutes", minutes);
      if (info.allDay) asked.set("all_day", "on");
      const who = question().getAll("who");
      if (who.length === 1) asked.set("responsible_id", who[0]);
      location.assign(`${newCase}?${asked}`);
    },
    datesSet: (info) => {
      const address = new URL(location);
      address.searchParams.set("view", info.view.type);
      address.searchParams.set("date", info.view.calendar.getDate().toISOString().slice(0, 10));
      history.replaceState(null, "", address);
    },
  });
  calendar.render();
  // The names of these buttons are in their titles; what is drawn on them is nobody's picture.
  for (const arrow of element.querySelectorAll(".fc-button .fc-icon")) arrow.setAttribute("aria-hidden", "true");
  Object.assign(element, { calendar, carryOut, eventAt: (el) => drawn.get(el) }); // for calendar-keys.js

  form.addEventListener("submit", (event) => event.preventDefault());
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const asked = question();
      const shown = new URL(location);
      for (const name of ["view", "date"]) {
        if (shown.searchParams.has(name)) asked.set(name, shown.searchParams.get(name));
      }
      history.replaceState(null, "", `${location.pathname}?${asked}`);
      calendar.refetchEvents();
    }, 250);
  });

  // What others change is seen within two seconds, as long as somebody looks.
  const inHand = () => document.querySelector(".fc-event-dragging, .fc-event-resizing, dialog[open]");
  let due = false;
  let resting = false;
  const look = async () => {
    due = true;
    if (resting || document.hidden) return;
    if (inHand()) return void setTimeout(look, 500);
    due = false;
    resting = true;
    setTimeout(() => {
      resting = false;
      if (due) look();
    }, 1000);
    try {
      const { activeStart, activeEnd } = calendar.view;
      const { items } = await eventsFrom(activeStart.toISOString(), activeEnd.toISOString());
      const found = JSON.stringify(items);
      if (found !== shown && !inHand()) calendar.refetchEvents();
    } catch {
      // Nobody has asked for this look; the next one comes soon.
    }
  };
  document.addEventListener("casewire:changed", ({ detail }) => {
    const isShown = () => calendar.getEvents().some((event) => event.extendedProps.number === detail.number);
    if (detail.dated || isShown()) look();
  });
  document.addEventListener("casewire:refresh", look);
  document.addEventListener("visibilitychange", () => {
    if (due) look();
  });
})();
