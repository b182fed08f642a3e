// A kiosk's own script, beside the one of all pages: turns the pages of a screen, is the keyboard, and forgets whoever
// goes away. It decides nothing: the host ends the visit by itself where this page can't.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const page = $("[data-kiosk-page]");
  const slip = $("[data-print-now]");
  if (slip) addEventListener("load", () => setTimeout(print, 300));
  if (!page) return;

  // Pages of a screen. The same screen drawn again stays where it was; another begins at its first.
  let at = 0, shown = "", seen = [], acted = false;
  const pages = () => [...document.querySelectorAll(".kiosk-page")];
  function show(to) {
    const all = pages();
    if (!all.length) return;
    at = Math.max(0, Math.min(to, all.length - 1));
    all.forEach((one, n) => { one.hidden = n !== at; });
    const turn = $(".kiosk-turn");
    turn.hidden = all.length < 2;
    $("[data-turn='-1']", turn).disabled = at === 0;
    $("[data-turn='1']", turn).disabled = at === all.length - 1;
    $(".kiosk-place", turn).textContent = [at + 1, all.length].map(n => n.toLocaleString(document.documentElement.lang)).join(" / ");
    const starts = [...document.querySelectorAll("[data-turn-to]")];
    const here = starts.filter(one => Number(one.dataset.turnTo) <= at).pop();
    for (const one of starts) one === here ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current");
    scrollTo(0, 0);
  }
  function drawn() {
    const title = $(".bar-title")?.textContent ?? "", now = pages().map(one => one.textContent);
    // An answer often stands on the first page, such as that this is no amount: whoever asked is led to it, unless their
    // own page answers. What moves by itself leads nobody away.
    if (title !== shown || (acted && now[0] !== seen[0] && now.includes(seen[at]))) at = 0;
    [shown, seen, acted] = [title, now, false];
    show(at);
    // The device's own keyboard stays away; which of ours comes follows from what the field asked for.
    for (const field of document.querySelectorAll("input, textarea")) if (typed(field) && field.inputMode !== "none") { field.dataset.mode = field.inputMode; field.inputMode = "none"; }
    for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", button.previousElementSibling.type === "text");
  }
  document.addEventListener("submit", event => { if (event.target.matches("[data-form]")) acted = true; }, true);
  document.addEventListener("change", event => { if ("change" in event.target.dataset) acted = true; }, true);
  document.addEventListener("click", event => {
    if (event.target.closest("[data-tap]:not([type=submit])")) acted = true;
    // A secret that who types it asks to see.
    const eye = event.target.closest("[data-show]");
    if (eye) {
      const field = eye.previousElementSibling;
      field.type = field.type === "password" ? "text" : "password";
      eye.setAttribute("aria-pressed", field.type === "text");
    }
    // Back to the page that led here.
    if (event.target.closest("[data-return]") && history.length > 1) { event.preventDefault(); history.back(); }
  }, true);
  // A page is left once what it asks for is there.
  const isFilled = one => [...one.querySelectorAll("input, textarea")].every(field => field.checkValidity() || (field.reportValidity(), false));
  document.addEventListener("xitai:drawn", drawn);
  document.addEventListener("click", event => {
    const turn = event.target.closest("[data-turn]");
    if (turn) {
      const forth = Number(turn.dataset.turn);
      if (forth < 0 || isFilled(pages()[at])) { close(); show(at + forth); $("input, textarea", pages()[at])?.focus(); }
    }
    const to = event.target.closest("[data-turn-to]");
    if (to) show(Number(to.dataset.turnTo));
  });

  // The keyboard on the screen.
  const pad = $("#keypad");
  // Chinese is typed on the device's own keyboard, which knows the characters; digits, addresses and secrets on ours.
  const isChinese = field => document.documentElement.lang.startsWith("zh") && /^(text|search|textarea)$/.test(field.type) && !field.dataset.secure && !/^(numeric|decimal|tel|email)$/.test(field.dataset.mode ?? field.inputMode);
  const typed = field => !field.readOnly && !/^(checkbox|radio|hidden|file|date|number)$/.test(field.type) && !isChinese(field);
  let field = null, upper = false;
  const LATIN = ["1234567890", "qwertyuiop", "asdfghjkl@", "zxcvbnm.-_"];
  // As the keyboards of the countries have them; names and addresses may still need Latin letters.
  const OWN = {
    ru: ["1234567890-", "йцукенгшщзх", "фывапролджэ", "ячсмитьбюъё"],
    fa: ["۱۲۳۴۵۶۷۸۹۰-", "ضصثقفغعهخحج", "شسیبلاتنمکگ", "ظطزژرذدپوچآ"],
  }[document.documentElement.lang];
  let latin = !OWN;
  function open(on) {
    field = on;
    const mode = on.dataset.mode ?? "", plain = /^(numeric|decimal|tel)$/.test(mode);
    const key = (name, text, label) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      button.dataset.key = name;
      if (label) button.setAttribute("aria-label", label);
      return button;
    };
    pad.dataset.kind = plain ? "digits" : "letters";
    const rows = latin ? LATIN : OWN;
    pad.style.setProperty("--keys", OWN ? 11 : 10);
    const cased = c => upper ? c.toLocaleUpperCase(document.documentElement.lang) : c;
    const letters = rows.flatMap(row => OWN && latin ? [...row, ""] : [...row]).map(c => c ? key(cased(c), cased(c)) : document.createElement("span"));
    const keys = plain ? [..."123456789"].map(d => key(d, d)) : letters;
    const other = OWN && !plain ? [key("switch", latin ? [...OWN[1]].slice(0, 3).join("") : "abc")] : [];
    const back = key("delete", "⌫", pad.dataset.delete);
    const done = key("done", pad.dataset.done);
    done.className = "keypad-go";
    // Persian has no capitals.
    const shift = latin || document.documentElement.lang !== "fa" ? [key("shift", "⇧", pad.dataset.shift)] : [];
    shift[0]?.setAttribute("aria-pressed", upper);
    const sign = { decimal: ".", tel: "+" }[mode];
    const digits = sign ? [key(sign, sign), key("0", "0"), back, done] : [back, key("0", "0"), done];
    pad.replaceChildren(...keys, ...(plain ? digits : [...shift, back, ...other, key("space", "␣", pad.dataset.space), key(",", ","), key("+", "+"), done]));
    (on.closest("dialog")?.querySelector(".sheet-frame") ?? document.body).append(pad);
    pad.hidden = false;
    on.scrollIntoView({ block: "center" });
  }
  function close() { pad.hidden = true; field = null; upper = false; }
  function press(on, key) {
    if (key === "done") { on.blur(); return close(); }
    if (key === "switch") { latin = !latin; return open(on); }
    if (key === "shift") { upper = !upper; return open(on); }
    if (key === "delete") on.value = on.value.slice(0, -1);
    else if (on.maxLength < 0 || on.value.length < on.maxLength) on.value += key === "space" ? " " : key;
    on.dispatchEvent(new Event("input", { bubbles: true }));
    // Shift is for one letter.
    if (upper && key !== "delete") { upper = false; open(on); }
  }
  document.addEventListener("focusin", event => { const on = event.target; if (/^(INPUT|TEXTAREA)$/.test(on.nodeName) && typed(on) && !on.form?.matches("[data-own-keys], :has([data-pad-for])")) open(on); });
  document.addEventListener("pointerdown", event => { if (event.target.closest(".keypad [data-key], [data-show]")) event.preventDefault(); });
  document.addEventListener("click", event => {
    const key = event.target.closest(".keypad [data-key]");
    if (key) return press(document.getElementById(key.closest("[data-pad-for]")?.dataset.padFor ?? "") ?? field, key.dataset.key);
    // The page moves when the keyboard opens, so that a click on the field may end beside it: what has the focus tells.
    if (field && !event.target.closest("#keypad, [data-show]") && document.activeElement !== field) close();
  });

  // Covered, until a hand comes.
  const over = $("[data-cover-over]");
  const cover = on => { document.body.classList.toggle("covered", on); over.hidden = !on; };
  document.addEventListener("click", event => { if (event.target.closest("[data-cover]")) cover(true); else if (event.target.closest("[data-cover-over]")) cover(false); });

  // Whoever goes away is forgotten.
  const forget = () => { try { sessionStorage.clear(); localStorage.clear(); } catch { /* private mode keeps nothing */ } };
  if ("attract" in page.dataset) {
    forget();
    history.pushState(null, "", location.href);
    addEventListener("popstate", () => location.replace("/kiosk"));
    addEventListener("pageshow", event => { if (event.persisted) location.replace("/kiosk"); });
    if (new URLSearchParams(location.search).has("refused")) setTimeout(() => location.replace("/kiosk"), 20000);
    // What somebody chose or began to type is not the next one's.
    const freshMs = Number(page.dataset.freshMs);
    let last = Date.now(), used = "chosen" in page.dataset;
    const use = () => { last = Date.now(); used = true; };
    for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, use, true);
    if (freshMs) setInterval(async () => {
      if (!used || Date.now() - last < freshMs) return;
      used = false;
      // Where the host is away the front stays: it is tried again later.
      const answer = await fetch("/kiosk?fresh=1", { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) location.replace("/kiosk"); else use();
    }, 1000);
    return drawn();
  }
  const idleMs = Number(page.dataset.idleMs), warnsMs = Number(page.dataset.warnsMs);
  const dialog = $("#idle"), leave = $("#leave");
  let touched = Date.now(), told = 0, gone = false;
  async function tell() {
    told = Date.now();
    const answer = await fetch("/api/v1/kiosk/touch", { method: "POST", credentials: "same-origin" }).catch(() => null);
    if (answer && [401, 403, 409].includes(answer.status)) { forget(); location.replace("/kiosk"); }
  }
  function touch() {
    if (gone) return;
    touched = Date.now();
    if (dialog.open) { dialog.close(); document.body.classList.remove("covered"); }
    if (touched - told > 10000) tell();
  }
  for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, touch, true);
  dialog.addEventListener("cancel", event => event.preventDefault());
  function wipe() {
    if (gone) return;
    gone = true;
    forget();
    document.body.classList.add("covered");
    leave.requestSubmit();
  }
  setInterval(() => {
    const left = idleMs - (Date.now() - touched);
    if (left <= 0) return wipe();
    // Who has more time than the host waits by itself: the page says that it still counts.
    if (!gone && idleMs > 60000 && Date.now() - told > 30000) tell();
    if (left > warnsMs) return;
    if (!dialog.open) { document.body.classList.add("covered"); dialog.showModal(); }
    $(".kiosk-count", dialog).textContent = Math.ceil(left / 1000);
  }, 250);
  document.addEventListener("submit", event => { if (event.target.action.endsWith("/kiosk/leave")) { gone = true; forget(); } }, true);
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  tell();
  drawn();
})();
