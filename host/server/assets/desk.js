// The staff's pages: what changes on them by itself, and their keyboard.
"use strict";
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const wait = ms => new Promise(done => setTimeout(done, ms));

  // What moves. The server says only which kinds of things have changed; the page is fetched again as its reader sees it.
  const kinds = main.dataset.live.split(" ").filter(Boolean);
  let heard = Number(main.dataset.heard), source = null, polling = 0, due = false, fetching = false;
  let pointer = null, moved = 0, pressed = false;
  document.addEventListener("pointermove", event => { pointer = { x: event.clientX, y: event.clientY }; moved = performance.now(); }, { passive: true });
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const over of ["pointerup", "pointercancel"]) document.addEventListener(over, () => { pressed = false; moved = performance.now(); });
  document.addEventListener("keydown", () => { moved = performance.now(); });

  // Nobody is about to press something, has marked text, or has a list open: what is drawn then moves under nobody's hand.
  const isCalm = () => !pressed && performance.now() - moved > 700 && document.activeElement?.nodeName !== "SELECT"
    && !document.querySelector("dialog[open]") && (getSelection()?.isCollapsed ?? true);
  // What has the focus, or else what the pointer is at, stays where it is.
  function still(change) {
    const focused = document.activeElement;
    const at = pointer && document.elementFromPoint(pointer.x, pointer.y);
    const held = [focused, at].find(it => it && it !== document.body && main.contains(it));
    const before = held?.getBoundingClientRect().top;
    change();
    if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
  }
  async function look() {
    due = true;
    if (fetching) return;
    fetching = true;
    while (due) {
      while (!isCalm() || document.hidden) await wait(250);
      due = false;
      try {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        if (!answer.ok || answer.redirected) break;
        const now = new DOMParser().parseFromString(await answer.text(), "text/html");
        const drawn = now.querySelector("main[data-live]"), nav = now.querySelector(".desk-nav");
        while (!isCalm()) await wait(250);
        still(() => {
          if (drawn) window.xitai.morph(main, drawn);
          const old = document.querySelector(".desk-nav");
          if (nav && old) window.xitai.morph(old, nav);
        });
      } catch { /* the next change, or the next turn, asks again */ }
      await wait(1000);
    }
    fetching = false;
  }
  function poll() { if (!polling) polling = setInterval(() => { if (!document.hidden) look(); }, 15000); }
  function listen() {
    if (source || !kinds.length || document.hidden || !window.EventSource) return;
    source = new EventSource("/api/v1/live?after=" + heard + "&kinds=" + kinds.join("+"));
    source.addEventListener("open", () => { clearInterval(polling); polling = 0; });
    source.addEventListener("changed", event => { heard = Math.max(heard, Number(event.lastEventId)); look(); });
    // Another window of the same person listens now: this one asks from time to time.
    source.addEventListener("elsewhere", () => { end(); poll(); });
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) { end(); poll(); } });
  }
  function end() { source?.close(); source = null; }
  document.addEventListener("visibilitychange", () => { if (document.hidden) end(); else listen(); });
  addEventListener("pagehide", end);
  addEventListener("pageshow", event => { if (event.persisted) { listen(); look(); } });
  listen();

  // The keyboard. Single keys may be switched off by whoever dictates or presses them by accident.
  const help = document.getElementById("keys-help");
  let off = false;
  try { off = localStorage.getItem("xitai.keys") === "off"; } catch { /* private mode */ }
  const box = help?.querySelector("input");
  if (box) {
    box.checked = !off;
    box.addEventListener("change", () => { off = !box.checked; try { localStorage.setItem("xitai.keys", off ? "off" : "on"); } catch { /* private mode */ } });
  }
  for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", () => help?.showModal());
  help?.addEventListener("click", event => { if (event.target === help) help.close(); });
  const rows = () => [...main.querySelectorAll("a.row-link, .brief a, a.figure")].filter(it => it.offsetParent);
  function step(by) {
    const all = rows(), at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", event => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.nodeName) || event.target.isContentEditable) return;
    const acts = {
      "?": () => help?.showModal(), j: () => step(1), k: () => step(-1),
      u: () => document.querySelector(".crumb a:last-of-type")?.click(), o: () => document.querySelector(".desk-nav a")?.click(),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
})();
