// An event that has the focus is moved by Shift and an arrow: half an hour, or a day. What follows
// is as after a drag: which of a series is asked, a conflict goes back.
(() => {
  const element = document.getElementById("calendar");
  const calendar = element?.calendar;
  if (!calendar || element.dataset.mayMove !== "yes") return;
  const STEPS = { ArrowUp: { minutes: -30 }, ArrowDown: { minutes: 30 }, ArrowLeft: { days: -1 }, ArrowRight: { days: 1 } };
  const LONGEST_READING = 20000; // ms: then the calendar was not read again, and keys count anew
  const told = document.getElementById("calendar-moved");
  let wanted = null; // where the focus is to be, from a step on until the calendar is drawn anew
  let isRead = false; // whether that is being read: the next step needs the version made by this one
  let waiting = []; // steps pressed meanwhile

  const ready = () => {
    wanted = null;
    isRead = false;
    const next = waiting.shift();
    const event = next && element.eventAt(document.activeElement.closest(".fc-event"));
    if (event) move(event, next);
    else waiting = [];
  };
  calendar.on("eventsSet", () => isRead && requestAnimationFrame(() => {
    if (!isRead) return;
    const isWanted = (event) => event?.extendedProps.number === wanted.number && event.startStr === wanted.start;
    const drawn = [...element.querySelectorAll(".fc-event")].find((one) => isWanted(element.eventAt(one)));
    (drawn?.matches("a") ? drawn : drawn?.querySelector("a"))?.focus();
    ready();
  }));

  const move = async (event, step) => {
    const { start, end, allDay } = event;
    event.moveDates(step);
    wanted = { number: event.extendedProps.number, start: event.startStr, allDay };
    const revert = () => {
      event.setDates(start, end, { allDay });
      wanted.start = event.startStr;
    };
    isRead = await element.carryOut({ event, revert });
    if (!isRead) return ready();
    setTimeout((of) => of === wanted && ready(), LONGEST_READING, wanted);
    const { activeStart, activeEnd } = calendar.view;
    if (event.start < activeStart || event.start >= activeEnd) calendar.gotoDate(event.start);
    const clock = allDay ? {} : { hour: "2-digit", minute: "2-digit", hour12: false };
    told.textContent = calendar.formatDate(event.start, { weekday: "long", day: "numeric", month: "long", ...clock });
  };

  document.addEventListener("keydown", (pressed) => {
    const step = pressed.shiftKey && !pressed.ctrlKey && !pressed.altKey && STEPS[pressed.key];
    // An event that is drawn anew loses the focus for a moment; a key that falls into it counts.
    if (step && wanted && pressed.target === document.body) {
      pressed.preventDefault();
      if (!(wanted.allDay && step.minutes)) waiting.push(step);
      return;
    }
    const drawn = element.contains(pressed.target) && pressed.target.closest(".fc-event");
    const event = step && drawn && element.eventAt(drawn);
    if (!event || (event.allDay && step.minutes)) return;
    pressed.preventDefault();
    if (wanted) waiting.push(step);
    else move(event, step);
  });
})();
