// Hears what happens to cases and tells the page: casewire:changed with {number, version, who, ...},
// casewire:presence with {number}, casewire:refresh when something may have been missed, and
// casewire:stream when the stream comes or goes.
// One stream serves all tabs of a browser: the tab that holds the lock has it and tells the others.
(() => {
  const { address, since, user } = document.currentScript.dataset;
  const name = `casewire-live-${user}`;
  const BEAT = 5000;
  const ASK_EVERY = 10_000; // without a stream
  const TRY_AGAIN = 45_000;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  const shared = Boolean(channel && navigator.locks);
  const begun = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
  const serverClock = () => Number(since) + performance.now() - begun; // at most what it shows

  let upTo = Number(since); // nothing before this was missed
  let flowing = null; // whether there is a stream, here or in another tab
  let source = null;
  let opened = 0; // what this tab's stream began with; 0 while it has none
  let release = null;
  let tryAgain;
  const seen = new Set();
  const lately = [];

  const dispatch = (kind, detail = {}) =>
    document.dispatchEvent(new CustomEvent(`casewire:${kind}`, { detail }));

  const flow = (yes) => {
    if (flowing === yes) return;
    flowing = yes;
    document.documentElement.dataset.live = yes ? "yes" : "no";
    dispatch("stream", { flowing: yes });
  };

  const take = ({ kind, at, data }) => {
    if (at) upTo = Math.max(upTo, at);
    if (kind === "changed") {
      const key = `${data.number}/${data.version}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (seen.size > 500) seen.delete(seen.values().next().value);
    }
    if (kind === "flow") flow(data.flowing);
    else if (kind !== "beat") dispatch(kind, data);
  };

  const tell = (message) => {
    if (message.kind === "changed" && lately.push(message) > 100) lately.shift();
    if (shared) channel.postMessage(message);
    take(message);
  };

  const open = () => {
    clearTimeout(tryAgain);
    opened = upTo;
    source = new EventSource(`${address}?since=${Math.floor(upTo)}`);
    source.addEventListener("open", () => tell({ kind: "flow", data: { flowing: true }, began: opened }));
    for (const kind of ["changed", "presence", "refresh"]) {
      source.addEventListener(kind, (event) =>
        tell({ kind, at: Number(event.lastEventId) || 0, data: JSON.parse(event.data) }));
    }
    source.addEventListener("ended", close); // the next request leads to signing in
    source.addEventListener("error", () => {
      tell({ kind: "flow", data: { flowing: false } });
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      close();
      tryAgain = setTimeout(open, TRY_AGAIN * (0.75 + Math.random() / 2));
    });
  };

  const close = () => {
    clearTimeout(tryAgain);
    source?.close();
    source = null;
    opened = 0;
    tell({ kind: "flow", data: { flowing: false } });
  };

  const lead = () => {
    if (!shared) {
      // Each tab has its own then: those that nobody looks at let theirs go.
      if (document.hidden) return;
      open();
      return;
    }
    navigator.locks.request(name, () => new Promise((resolve) => {
      release = resolve;
      open();
    }));
  };

  if (shared) {
    channel.addEventListener("message", ({ data: message }) => {
      if (message.kind === "join") {
        if (!source) return;
        channel.postMessage({ kind: "flow", data: { flowing: source.readyState === EventSource.OPEN }, began: opened });
        for (const one of lately) if (one.at >= message.since) channel.postMessage(one);
        return;
      }
      // A tab that took over knows nothing of what was before it began.
      if (message.began && upTo < message.began - BEAT) {
        upTo = message.began;
        dispatch("refresh");
      }
      take(message);
    });
    channel.postMessage({ kind: "join", since: Number(since) - 1000 });
  } else {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) close();
      else if (!source) open();
    });
  }

  setInterval(() => {
    if (source?.readyState === EventSource.OPEN) tell({ kind: "beat", at: serverClock() - 1000 });
  }, BEAT);
  setInterval(() => {
    if (!flowing && !document.hidden) dispatch("refresh");
  }, ASK_EVERY);

  addEventListener("pagehide", () => {
    clearTimeout(tryAgain);
    source?.close();
    source = null;
    release?.();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    dispatch("refresh");
    lead();
  });
  lead();
})();
