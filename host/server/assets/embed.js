// The frame within a partner's page. Its sign-in is in this script alone, its messages go to the page that was signed for and
// come from there only, and what must be agreed to goes on in the bank's own window.
"use strict";
(() => {
  const { embed, launch, parent: page, key, program, page: first, query } = document.body.dataset;
  const lang = document.documentElement.lang, store = "xitai.embed." + key;
  const frame = document.querySelector("#frame"), toasts = document.querySelector("#toasts");
  const wait = ms => new Promise(done => setTimeout(done, ms));
  let token = null, session = null, device = null, next = 1, shown = 0, busy = false, following = null;

  const tell = (type, more = {}) => { if (parent !== window) parent.postMessage({ xitai: "embed", type, ...more }, page); };
  addEventListener("message", event => {
    if (event.source !== parent || event.origin !== page || event.data?.xitai !== "embed") return;
    if (event.data.type === "hello") { tell("ready"); height(); }
  });
  let high = 0;
  function height() {
    const px = Math.ceil(frame.getBoundingClientRect().height);
    if (px && px !== high) tell("height", { px: high = px });
  }
  new ResizeObserver(height).observe(frame);

  function toast(text) {
    if (!text) return;
    const box = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
    toasts.append(box);
    setTimeout(() => box.remove(), 3200);
  }
  // What is kept is kept for this page and tab alone: browsers hold storage of frames apart by the page around them.
  function keep() { try { sessionStorage.setItem(store, JSON.stringify({ token, session, device, next, shown })); } catch { /* then for this page only */ } }
  function recall() {
    try { ({ token = null, session = null, device = null, next = 1, shown = 0 } = JSON.parse(sessionStorage.getItem(store)) ?? {}); } catch { /* nothing is kept */ }
  }
  const newDevice = () => "embed-" + [...crypto.getRandomValues(new Uint8Array(9))].map(b => b.toString(36)).join("");
  async function call(method, path, body) {
    const headers = { "accept-language": lang };
    if (token) headers.authorization = "Bearer " + token;
    if (body) headers["content-type"] = "application/json";
    return fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
  }
  const api = () => "/api/v1/sessions/" + session;

  // Pictures are asked for with the sign-in, which an address does not carry.
  const pictures = new Map();
  function paint() {
    for (const img of frame.querySelectorAll("img[data-src]")) {
      const path = img.dataset.src, known = pictures.get(path);
      if (known) { img.src = known; continue; }
      call("GET", path).then(async answer => {
        if (!answer.ok) return;
        pictures.set(path, URL.createObjectURL(await answer.blob()));
        if (img.isConnected) img.src = pictures.get(path);
      }, () => { /* a picture less */ });
    }
  }
  async function redraw() {
    const answer = await call("GET", "/embed/sessions/" + session + "/fragment?lang=" + lang);
    if (!answer.ok) return false;
    const text = (await answer.text()).replaceAll(' src="/app/', ' data-src="/app/');
    const now = new DOMParser().parseFromString(text, "text/html").querySelector("#frame");
    if (!now || Number(now.dataset.position) < Number(frame.dataset.position ?? 0) && now.dataset.session === frame.dataset.session) return true;
    window.xitai.morph(frame, now);
    paint();
    height();
    return true;
  }

  const effect = {
    "toast": it => toast(it.text),
    // Never beside what must be agreed to in the bank's own window.
    "celebrate": it => { if (!("ticket" in frame.dataset)) window.xitai.celebrate(it.with); },
    "open-page": it => open(frame.dataset.program, it.page, ""),
    "close": () => tell("close"),
  };
  function perform(view) {
    if (view.position <= shown) return;
    shown = view.position;
    keep();
    for (const it of view.effects ?? []) {
      let said = {};
      try { said = JSON.parse(it.json); } catch { /* a kind without a body */ }
      effect[it.kind]?.(said);
    }
  }
  function begin(view) {
    [session, device, next, shown] = [view.session, newDevice(), 1, 0];
    keep();
    perform(view);
    follow();
  }
  async function enter() {
    token = session = null;
    const answer = await call("POST", "/api/v1/embeds/" + embed + "/launches", { launch, locale: lang });
    const said = await answer.json();
    if (!answer.ok) { refused(said); return false; }
    token = said.token;
    begin(said.session);
    return true;
  }
  async function open(program, page, query) {
    const body = { program, locale: lang, channel: "embed", query: [...new URLSearchParams(query)] };
    if (page) body.page = page;
    const answer = await call("POST", "/api/v1/sessions", body).catch(() => null);
    if (answer?.status === 401 || answer?.status === 403) return start(true);
    if (!answer?.ok) return toast((await answer?.json().catch(() => null))?.title ?? toasts.dataset.lost);
    begin(await answer.json());
    await redraw();
  }
  function refused(said) {
    const box = Object.assign(document.createElement("main"), { className: "embed-refused" });
    box.append(Object.assign(document.createElement("h1"), { textContent: said.title ?? toasts.dataset.lost }),
      Object.assign(document.createElement("p"), { textContent: said.mend ?? "" }));
    frame.replaceChildren(box);
    height();
    tell("refused", { code: said.code ?? "" });
  }
  async function start(anew = false) {
    if (!anew) recall();
    try {
      if (token && session && await redraw()) { follow(); return; }
      if (await enter()) await redraw();
    } catch { refused({}); }
  }

  // `moved` of the session's stream. A stream by `fetch` carries the sign-in, which an EventSource can't.
  async function follow() {
    following?.abort();
    const mine = following = new AbortController();
    while (!mine.signal.aborted) {
      try {
        const answer = await fetch(api() + "/stream", { headers: { authorization: "Bearer " + token, accept: "text/event-stream" }, credentials: "omit", signal: mine.signal });
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let rest = ""; ;) {
          const { value, done } = await reader.read();
          if (done) break;
          const lines = (rest + value).split("\n");
          rest = lines.pop();
          const moved = lines.filter(line => line.startsWith("data: {")).some(line => JSON.parse(line.slice(6)).position > Number(frame.dataset.position ?? 0));
          if (moved && !busy) await catchUp();
        }
      } catch { /* the line broke */ }
      await wait(2000);
    }
  }
  async function catchUp() {
    await redraw();
    const answer = await call("GET", api() + "?after=" + shown);
    if (answer.ok) perform(await answer.json());
  }

  async function send(event, control) {
    if (busy || "closed" in frame.dataset || "ticket" in frame.dataset) return;
    busy = true;
    control?.setAttribute?.("aria-busy", "true");
    const body = { device, client_seq: next, seen: Number(frame.dataset.position), event };
    let answer = null;
    for (let turn = 0; turn < 5 && !answer; turn++) {
      // The same number every time, so that the host counts it once.
      answer = await call("POST", api() + "/events", body).catch(() => null);
      if (answer?.status === 503 || answer?.status === 429) answer = null;
      if (!answer) await wait(400 * 2 ** turn);
    }
    const said = await answer?.json().catch(() => null);
    control?.removeAttribute?.("aria-busy");
    busy = false;
    if (answer?.status === 401) return start(true);
    if (!said) return toast(toasts.dataset.lost);
    if (answer.ok) next += 1;
    else if (/^session\.(conflict|gap)$/.test(said.code)) [device, next] = [newDevice(), 1];
    if (said.code === "session.stale") toast(toasts.dataset.moved);
    else if (!answer.ok) toast(said.detail || said.title);
    keep();
    await redraw();
    if (answer.ok) perform(said);
  }

  // On to the bank's own window, by a code that serves once. The window is opened by the tap itself, else browsers forbid it.
  async function goOn() {
    const there = window.open("about:blank", "_blank");
    const made = await call("POST", api() + "/handover", {}).then(answer => answer.json(), () => null);
    if (!made?.code || !/^\d{6}$/.test(made.code)) { there?.close(); return toast(made?.title ?? toasts.dataset.lost); }
    const address = new URL("/app/partner", location.origin);
    address.search = new URLSearchParams({ embed, code: made.code, program: frame.dataset.program ?? program, page: first, query, lang });
    if (there) { there.opener = null; there.location.replace(address); }
    else toast(document.body.dataset.popup);
    while (Date.now() < made.until_ms) {
      await wait(1500);
      const { state } = await call("GET", "/api/v1/handovers/" + made.id).then(answer => answer.json(), () => ({}));
      if (state === "taken") { tell("gone-on"); return redraw(); }
      if (state === "over") return;
    }
  }
  async function decline() {
    await call("POST", api() + "/sheets/" + frame.dataset.ticket, { device, decision: "decline" }).catch(() => null);
    await catchUp();
  }

  document.addEventListener("click", event => {
    const at = selector => event.target.closest(selector);
    const link = at("a[href]");
    if (link) {
      event.preventDefault();
      const there = new URL(link.href, location.href), opens = there.pathname.match(/^\/embed\/open\/([^/]+)$/);
      if (opens) return open(opens[1], there.searchParams.get("page"), "");
      return void window.open(there.href, "_blank", "noopener");
    }
    if (at("[data-go-on]")) return goOn();
    if (at("[data-decline]")) return decline();
    if (at("[data-anew]")) return start(true);
    const tap = at("[data-tap]");
    if (tap && tap.type !== "submit") send({ type: "tapped", id: tap.dataset.tap, value: tap.dataset.value ?? null }, tap);
  });
  document.addEventListener("submit", event => {
    event.preventDefault();
    const form = event.target.closest("[data-form]");
    if (!form) return;
    const values = [];
    for (const field of form.elements) {
      if (!field.name || field.disabled) continue;
      if (field.role === "switch") values.push([field.name, String(field.checked)]);
      else if (!/^(checkbox|radio)$/.test(field.type) || field.checked) values.push([field.name, field.value]);
    }
    send({ type: "submitted", form: form.dataset.form, button: event.submitter?.dataset.tap ?? "", values }, event.submitter);
  });
  document.addEventListener("change", event => {
    const field = event.target;
    if ("change" in field.dataset) send({ type: "tapped", id: field.name, value: field.role === "switch" ? String(field.checked) : field.value }, field);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && session && !busy) catchUp().catch(() => { /* the stream comes again */ }); });

  // Within no page there is nobody to be shown to.
  if (parent === window) refused({});
  else { tell("ready"); start(); }
})();
