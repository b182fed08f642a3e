// The bank's own app around these pages, where there is one: what it offers is asked of it, and each thing has a way that
// works without it. An app is asked by `xitaiShell` (docs/webview.md); it decides nothing here, and nothing it says is
// believed by the bank.
"use strict";
(() => {
  const frames = window.webkit?.messageHandlers?.xitaiShell, shell = window.xitaiShell;
  const HELLO_MS = 3000, ANSWER_MS = 120000, TEXT_CHARS_MAX = 4096;
  const waiting = new Map();
  let next = 1, calls = [];

  // An answer: `{"id":1,"value":…}` or `{"id":1,"error":"…"}`, as text or as it is.
  function take(said) {
    try { if (typeof said === "string") said = JSON.parse(said); } catch { return; }
    const done = waiting.get(said?.id);
    if (!done) return;
    waiting.delete(said.id);
    done(said);
  }
  function ask(call, args = {}, ms = ANSWER_MS) {
    if (!frames && !shell) return Promise.resolve({ error: "no-app" });
    const id = next++, text = JSON.stringify({ xitai: 1, id, call, args });
    return new Promise(done => {
      waiting.set(id, done);
      setTimeout(() => take({ id, error: "no-answer" }), ms);
      try {
        if (frames) Promise.resolve(frames.postMessage(text)).then(take, () => take({ id, error: "refused" }));
        else shell.postMessage(text);
      } catch { take({ id, error: "refused" }); }
    });
  }
  if (shell && !frames) try { shell.onmessage = event => take(event.data); } catch { /* it answers by `reply` */ }

  const hello = ask("hello", {}, HELLO_MS).then(({ value }) => {
    calls = Array.isArray(value?.calls) ? value.calls.filter(call => typeof call === "string") : [];
    for (const side of ["top", "right", "bottom", "left"]) {
      const px = Number(value?.safeArea?.[side]);
      if (px >= 0 && px < 200) document.documentElement.style.setProperty("--safe-" + side, px + "px");
    }
    if (calls.length) document.documentElement.dataset.inApp = "";
    if (can("title")) title();
    const camera = document.querySelector("#scan [data-camera]");
    if (camera && can("scan")) camera.hidden = false;
  });
  const can = call => calls.includes(call);
  const path = url => { try { return new URL(url, location.href); } catch { return null; } };

  // What pages ask for, and what happens where no app offers it.
  const bridge = {
    ready: hello,
    can,
    /** Leaves the pages; without an app to the launcher. */
    close() { if (can("close")) ask("close"); else location.assign("/app"); },
    /** One page back. */
    back() { if (can("back")) ask("back"); else history.back(); },
    /** What the app's bar says; a browser shows the page's own title. */
    title(text) { if (can("title")) ask("title", { text: String(text).slice(0, 120) }); },
    /** Whether it was given on: by the app, by the browser, or as a copy. */
    async share({ title = document.title, text = "", url = location.href }) {
      if (can("share")) return !(await ask("share", { title, text, url })).error;
      if (navigator.share) return navigator.share({ title, text, url }).then(() => true, () => false);
      return navigator.clipboard?.writeText(url).then(() => true, () => false) ?? false;
    },
    /** The text of a code, or null; the browser's own camera is `xitai.readCode`. */
    async scan() {
      if (!can("scan")) return null;
      const { value } = await ask("scan");
      return typeof value === "string" && value ? value.slice(0, TEXT_CHARS_MAX) : null;
    },
    /** Opens an address outside: only web addresses. */
    external(url) {
      const there = path(url);
      if (!there || !/^https?:$/.test(there.protocol)) return;
      if (can("external")) ask("external", { url: there.href }); else open(there.href, "_blank", "noopener");
    },
    /** Whether the device knows its owner: true or false, and null where nobody can say. It proves nothing to the bank. */
    async biometric(reason) {
      if (!can("biometric")) return null;
      return (await ask("biometric", { reason })).value === true;
    },
    /** What the app answers with: for those that cannot set `onmessage`. */
    reply: take,
    /** The device's own back: whether the page has dealt with it. */
    wentBack() {
      const sheet = document.querySelector("#sheet[open]"), menu = document.querySelector("dialog[open]:not(#sheet)");
      if (sheet) { sheet.querySelector("[data-decide=decline]")?.click(); return true; }
      if (menu) { menu.close(); return true; }
      const back = document.querySelector("a.bar-back");
      if (!back || path(back.href)?.pathname === location.pathname) return false;
      back.click();
      return true;
    },
  };
  const title = () => bridge.title(document.querySelector(".bar-title, h1")?.textContent || document.title);
  document.addEventListener("xitai:drawn", () => can("title") && title());

  // A code that a field waits for is read by the app where it can.
  const readCode = window.xitai?.readCode, readsCodes = window.xitai?.readsCodes ?? false;
  window.xitai = window.xitai ?? {};
  window.xitai.bridge = bridge;
  window.xitai.readCode = async field => {
    if (!can("scan")) return readCode?.(field);
    const text = await bridge.scan();
    if (text && !field.value) field.value = text;
    if (!text) field.focus();
  };
  Object.defineProperty(window.xitai, "readsCodes", { get: () => can("scan") || readsCodes });

  // Before the page's own listeners: what the app does instead.
  let owner = null;
  document.addEventListener("click", async event => {
    const at = selector => event.target.closest?.(selector);
    const instead = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    if (at("[data-close]") && can("close")) { instead(); return bridge.close(); }
    const link = at("a[href]");
    if (link && can("external") && (link.target === "_blank" || path(link.href)?.origin !== location.origin)) { instead(); return bridge.external(link.href); }
    const copy = at("[data-copy]");
    if (copy && can("share") && /^https?:/.test(copy.dataset.copy)) { instead(); return bridge.share({ url: copy.dataset.copy }); }
    const confirm = at("#sheet [data-decide=confirm]");
    if (confirm && can("biometric") && owner !== confirm) {
      instead();
      // Asked once for this sheet as it is drawn: another one is another button.
      if (await bridge.biometric(document.querySelector("#sheet h2")?.textContent ?? "") && confirm.isConnected) { owner = confirm; confirm.click(); owner = null; }
    }
  }, true);

  // The app's way in: the ticket is in the address, what belongs to it only the app has.
  const form = document.querySelector("#app-ticket");
  if (form) hello.then(async () => {
    const { value } = can("verifier") ? await ask("verifier", {}, HELLO_MS) : {};
    if (typeof value === "string" && value && form.elements.ticket.value) {
      form.elements.verifier.value = value;
      return form.submit();
    }
    form.hidden = true;
    document.querySelector("#app-ticket-none").hidden = false;
  });
})();
