// The one script of the pages. The server draws; this posts what a finger does, takes the newly drawn page in without
// losing focus or typing, and listens for what moves by itself. It decides nothing about money.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const toasts = $("#toasts");
  // Each is seen for its time, in order; a few at once, so that none overtakes another.
  const toastsWaiting = [];
  function toast(text) {
    if (!text) return;
    toastsWaiting.push(text);
    nextToast();
  }
  function nextToast() {
    while (toastsWaiting.length && toasts.childElementCount < 3) {
      const box = document.createElement("p");
      box.className = "toast";
      box.textContent = toastsWaiting.shift();
      toasts.append(box);
      setTimeout(() => { box.remove(); nextToast(); }, "elder" in document.documentElement.dataset ? 7000 : 3200);
    }
  }
  // The host's own words about a bad line come again and again: once at a time is enough.
  function say(text) {
    if (!toastsWaiting.includes(text) && ![...toasts.children].some(box => box.textContent === text)) toast(text);
  }
  const json = body => ({ method: "POST", headers: { "content-type": "application/json", "accept-language": document.documentElement.lang }, body: JSON.stringify(body), credentials: "same-origin" });
  const newDevice = () => "web-" + [...crypto.getRandomValues(new Uint8Array(9))].map(b => b.toString(36)).join("");
  const signIn = () => document.body.classList.contains("on-kiosk") ? location.replace("/kiosk") : location.assign("/app/sign-in?next=" + btoa(location.pathname + location.search).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));

  // Morphing. A node of the screen is known by its id, so that it keeps focus, typing and scroll when it moves.
  // (`n12` is where a node stands in the tree, for labels: that may change under it, so it is no key.)
  const keyOf = el => el.nodeType !== 1 ? null : el.dataset.node ?? (/^n\d/.test(el.id) ? null : el.id);
  // What has no key is known by the first key in it, as long as that is there.
  function keyed(el) {
    if (el.nodeType !== 1) return null;
    const own = keyOf(el);
    if (own) return own;
    for (const it of el.querySelectorAll("[data-node], [id]")) { const key = keyOf(it); if (key) return "of " + key; }
    return null;
  }
  const kept = (el, name) => name === "aria-busy" || (/^(DIALOG|DETAILS)$/.test(el.nodeName) && name === "open")
    || (el.role === "tab" && /^(aria-selected|tabindex)$/.test(name)) || (el.role === "tabpanel" && name === "hidden")
    || (el.classList.contains("kiosk-page") && name === "hidden");
  function morph(old, now) {
    if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) return old.replaceWith(now);
    if (old.nodeType !== 1) { if (old.data !== now.data) old.data = now.data; return; }
    if (old.id === "sheet") { if (old.dataset.ticket !== now.dataset.ticket || old.dataset.digest !== now.dataset.digest) old.replaceWith(now); return; }
    const field = "defaultValue" in old && old.type !== "hidden";
    const typed = field && (old.value !== old.defaultValue || (old.defaultChecked !== undefined && old.checked !== old.defaultChecked));
    const redrawn = field && (old.defaultValue !== now.defaultValue || old.defaultChecked !== now.defaultChecked);
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !kept(old, name)) old.removeAttribute(name);
    for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value && !kept(old, name)) old.setAttribute(name, value);
    morphChildren(old, now);
    if (field && (!typed || (redrawn && old !== document.activeElement) || "change" in old.dataset)) {
      if (old.checked !== undefined) old.checked = now.defaultChecked;
      if (!/^(checkbox|radio)$/.test(old.type)) old.value = now.defaultValue;
    }
  }
  function morphChildren(old, now) {
    const drawn = [...now.childNodes], wanted = new Set(drawn.map(keyed)), byKey = new Map();
    for (const child of old.childNodes) { const key = keyed(child); if (key) byKey.set(key, child); }
    let at = old.firstChild;
    // The next one that stands for nothing else that is drawn.
    const free = () => { let it = at; while (it && (keyOf(it) || (keyed(it) && wanted.has(keyed(it))))) it = it.nextSibling; return it; };
    for (const child of drawn) {
      const key = keyed(child), match = (key && byKey.get(key)) || (keyOf(child) ? null : free());
      if (match && match.nodeName === child.nodeName) {
        if (match === at) at = at.nextSibling; else old.insertBefore(match, at);
        morph(match, child);
      } else old.insertBefore(child, at);
    }
    while (at) { const next = at.nextSibling; at.remove(); at = next; }
  }

  // The host's own pictures, by their names: one at a time, a bounded number of pieces, three seconds; never over a sheet.
  const PARTIES = { confetti: 24, envelopes: 18, rocket: 2 };
  function celebrate(named) {
    if ($("#sheet") || $(".party")) return;
    const kind = Object.hasOwn(PARTIES, named) ? named : "confetti";
    const party = Object.assign(document.createElement("div"), { className: "party " + kind });
    party.setAttribute("aria-hidden", "true");
    for (let i = 0; i < PARTIES[kind]; i++) {
      const piece = document.createElement("i");
      const look = { "--x": (i * 37) % 97 + "%", "--y": 8 + (i * 53) % 80 + "%", "--wait": (i % 8) * .1 + "s", "--c": ["#e9c46a", "#c23a4c", "#55c9ab", "#86b9f5"][i % 4] };
      for (const name in look) piece.style.setProperty(name, look[name]);
      party.append(piece);
    }
    document.body.append(party);
    setTimeout(() => party.remove(), 3000);
  }

  // A program's page.
  const stage = $("#stage");
  if (stage) {
    const home = stage.dataset.home ?? "/app";
    const session = stage.dataset.session, api = "/api/v1/sessions/" + session, store = "xitai." + session;
    const position = () => Number(stage.dataset.position);
    // `heard` is the newest position that the host told of; `mark.shown` the one whose effects this page has shown.
    let mark, busy = false, drawing = false, again = false, heard = position(), acting = Promise.resolve();
    const newMark = () => ({ device: newDevice(), next: 1, pending: null });
    try { mark = JSON.parse(sessionStorage.getItem(store)) ?? newMark(); } catch { mark = newMark(); }
    mark.shown ??= position();
    const keep = () => { try { sessionStorage.setItem(store, JSON.stringify(mark)); } catch { /* private mode: a reload is then a new device */ } };

    async function redraw() {
      if (drawing) { again = true; return; }
      drawing = true;
      try {
        do {
          again = false;
          const answer = await fetch(home + "/sessions/" + session + "/fragment", { credentials: "same-origin" });
          if (answer.status === 401) return signIn();
          if (!answer.ok) return location.reload();
          const now = $("#stage", new DOMParser().parseFromString(await answer.text(), "text/html"));
          if (now && Number(now.dataset.position) >= position()) {
            morph(stage, now);
            leadBack();
            document.title = $(".bar-title", stage).textContent;
            document.dispatchEvent(new Event("xitai:drawn"));
          }
        } while (again);
      } catch { say(toasts.dataset.offline); } finally { drawing = false; openSheet(); }
    }

    const effect = {
      "toast": it => toast(it.text),
      "celebrate": it => celebrate(it.with),
      "open-page": it => location.assign(home + "/open/" + stage.dataset.program + "?page=" + encodeURIComponent(it.page)),
      "close": () => location.assign(home),
    };
    // Every position's effects once, in order. An answer carries those of its own step; where others came in between,
    // and for steps that nobody here asked for, the host is asked for all since.
    const act = view => acting = acting.then(() => perform(view)).catch(() => { /* the next one catches up */ });
    async function perform(view) {
      if (view.position <= mark.shown) return;
      if (!view.effects || view.position > mark.shown + 1) {
        const answer = await fetch(api + "?after=" + mark.shown, { credentials: "same-origin" });
        if (!answer.ok) return;
        view = await answer.json();
      }
      mark.shown = view.position;
      keep();
      for (const it of view.effects) {
        let said = {};
        try { said = JSON.parse(it.json); } catch { /* a kind without a body */ }
        effect[it.kind]?.(said);
      }
    }
    // Takes in what moved by itself, if anything did.
    async function catchUp() {
      if (busy) return;
      if (heard > position()) await redraw();
      await act({ position: position() });
    }

    // Posts until there is an answer: the same number every time, so that the host counts it once.
    async function deliver(path, body, proof) {
      for (let turn = 0; turn < 6; turn++) {
        try {
          const sent = json(body);
          if (proof) sent.headers = { ...sent.headers, "x-step-up": proof };
          const answer = await fetch(api + path, sent);
          const said = await answer.json().catch(() => ({}));
          const later = said.retry_after_ms ?? 1000 * Number(answer.headers.get("retry-after") ?? 0);
          if ((answer.status === 503 || answer.status === 429 || said.code === "sheet.too-soon") && turn < 4) { await wait(Math.max(later, 250)); continue; }
          return { status: answer.status, said };
        } catch { say(toasts.dataset.offline); await wait(400 * 2 ** turn); }
      }
      return { status: 0, said: {} };
    }
    async function post(control) {
      busy = true;
      stage.setAttribute("aria-busy", "true");
      control?.setAttribute?.("aria-busy", "true");
      const { status, said } = await deliver("/events", { device: mark.device, ...mark.pending });
      if (status === 401) return signIn();
      if (status === 0) toast(toasts.dataset.lost);
      else {
        const taken = status >= 200 && status < 300;
        mark = /^session\.(conflict|gap)$/.test(said.code) ? { ...newMark(), shown: mark.shown } : { ...mark, next: mark.next + (taken ? 1 : 0), pending: null };
        keep();
        if (said.code === "session.stale") toast(toasts.dataset.moved);
        else if (!taken && said.code !== "sheet.open") toast(said.detail || said.title);
        await redraw();
        if (taken) await act(said);
      }
      control?.removeAttribute?.("aria-busy");
      stage.removeAttribute("aria-busy");
      busy = false;
      await catchUp();
    }
    function send(event, control) {
      if (busy || "closed" in stage.dataset) return;
      if (!mark.pending) mark.pending = { client_seq: mark.next, seen: position(), event };
      keep();
      post(control);
    }

    // The bank's sheet.
    function openSheet() {
      const sheet = $("#sheet");
      if (!sheet || sheet.open) return;
      equip(sheet);
      $(".party")?.remove();
      document.dispatchEvent(new Event("xitai:sheet"));
      $("#menu")?.close();
      sheet.showModal();
      $(".sheet-body", sheet).scrollTop = 0;
      setTimeout(() => { for (const button of sheet.querySelectorAll("[data-decide=confirm]")) button.disabled = false; }, Number(sheet.dataset.deadMs));
      sheet.addEventListener("cancel", event => { event.preventDefault(); decide(sheet, "decline"); });
      const left = Number(sheet.dataset.expiresMs) - Date.now();
      if (left > 0 && left < 2 ** 31) setTimeout(() => sheet.isConnected && redraw(), left + 1500);
    }
    // What the device can give: a scanned code, a position, a file. Each fills its field, which stays for the customer to read.
    function equip(sheet) {
      const beside = (field, text, give) => {
        const row = Object.assign(document.createElement("span"), { className: "sheet-give" });
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button secondary small", textContent: text });
        field.replaceWith(row);
        row.append(field, button);
        button.addEventListener("click", () => give(button));
      };
      const scan = $("[data-scan]", sheet);
      if (scan && window.xitai?.readsCodes) beside(scan, scan.dataset.scanLabel, () => window.xitai.readCode(scan));
      const place = $("[data-position]", sheet);
      if (place) beside(place, place.dataset.positionLabel, button => {
        button.setAttribute("aria-busy", "true");
        const done = () => button.removeAttribute("aria-busy");
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => { place.value = coords.latitude.toFixed(3) + "," + coords.longitude.toFixed(3); done(); },
          () => { toast(place.dataset.positionAway); done(); },
          { timeout: 10000, maximumAge: 60000 });
      });
      const file = $("[data-sheet-file]", sheet);
      if (file) {
        const handle = Object.assign(document.createElement("input"), { type: "hidden", name: file.name });
        const said = Object.assign(document.createElement("span"), { className: "sheet-hint" });
        said.setAttribute("role", "status");
        file.removeAttribute("name");
        file.after(handle, said);
        file.addEventListener("change", async () => {
          handle.value = said.textContent = "";
          if (!file.files[0]) return;
          file.setAttribute("aria-busy", "true");
          const path = api + "/sheets/" + sheet.dataset.ticket + "/file?name=" + encodeURIComponent(file.files[0].name);
          const answer = await fetch(path, { method: "PUT", headers: { "content-type": "application/octet-stream", "accept-language": document.documentElement.lang }, body: file.files[0], credentials: "same-origin" }).catch(() => null);
          const given = await answer?.json().catch(() => ({})) ?? {};
          file.removeAttribute("aria-busy");
          if (answer?.status === 401) return signIn();
          if (!answer?.ok) { file.value = ""; said.textContent = [given.title, given.mend].filter(Boolean).join(" ") || toasts.dataset.lost; return; }
          handle.value = given.handle;
          said.textContent = file.dataset.fileGiven + " · " + given.name + " · " + Math.ceil(given.size / 1024) + " KiB";
        });
      }
    }
    // What the customer gave on the sheet: nothing that is empty or unticked.
    function answersOf(sheet) {
      const answers = [];
      for (const field of $("#sheet-asks", sheet)?.elements ?? []) {
        if (!field.name || field.disabled || (/^(checkbox|radio)$/.test(field.type) && !field.checked)) continue;
        if (field.value) answers.push([field.name, field.value]);
      }
      return answers;
    }
    async function decide(sheet, decision, control) {
      if (busy || (decision === "confirm" && !($("#sheet-asks", sheet)?.reportValidity() ?? true))) return;
      busy = true;
      control?.setAttribute("aria-busy", "true");
      for (const button of sheet.querySelectorAll("[data-decide]")) button.disabled = true;
      const answers = decision === "confirm" ? answersOf(sheet) : [];
      // A passkey signs the digest of what is shown; the proof's name goes along.
      let proof = null;
      if (decision === "confirm" && control && "signs" in control.dataset) {
        proof = await window.xitai.signed(sheet.dataset.digest);
        if (!proof) {
          busy = false;
          control.removeAttribute("aria-busy");
          for (const button of sheet.querySelectorAll("[data-decide]")) button.disabled = false;
          return catchUp();
        }
      }
      const path = "/sheets/" + sheet.dataset.ticket, body = { device: mark.device, decision, digest: sheet.dataset.digest, answers };
      let { status, said } = await deliver(path, body, proof);
      // The bank wants a passkey to sign exactly this sheet.
      if (said.code === "risk.step-up" && !proof) {
        proof = await window.xitai.signed(sheet.dataset.digest);
        if (proof) ({ status, said } = await deliver(path, body, proof));
      }
      if (status === 401) return signIn();
      busy = false;
      if (status === 0) toast(toasts.dataset.lost);
      else if (status >= 400) toast(said.detail || said.title);
      if (decision === "confirm" && status && status < 300 && sheet.dataset.then) return location.assign(sheet.dataset.then.replace(/^\/app(?=\/(prints|open)\/)/, home));
      await redraw();
      if (status && status < 300) await act(said);
      const still = $("#sheet");
      if (still === sheet) { control?.removeAttribute("aria-busy"); for (const button of sheet.querySelectorAll("[data-decide]")) button.disabled = false; }
      await catchUp();
    }

    // Another tender is another sheet, with a digest of its own: the bank draws it anew.
    async function pay(choice) {
      const sheet = choice.closest("dialog");
      for (const control of sheet.querySelectorAll("[data-decide], [data-tender]")) control.disabled = true;
      const sent = { ...json({ tender: choice.value }), method: "PUT" };
      const answer = await fetch(api + "/sheets/" + sheet.dataset.ticket + "/tender", sent).catch(() => null);
      if (answer?.status === 401) return signIn();
      if (!answer) toast(toasts.dataset.lost);
      else if (!answer.ok) { const said = await answer.json().catch(() => ({})); toast(said.detail || said.title); }
      await redraw();
      const still = $("#sheet");
      if (still === sheet) for (const control of sheet.querySelectorAll("[data-decide], [data-tender]")) control.disabled = false;
    }
    document.addEventListener("change", event => { if (event.target.matches("[data-tender]")) pay(event.target); });
    document.addEventListener("click", event => {
      const tap = event.target.closest("[data-tap]");
      if (tap && tap.type !== "submit") return send({ type: "tapped", id: tap.dataset.tap, value: tap.dataset.value ?? null }, tap);
      const choice = event.target.closest("[data-decide]");
      if (choice) return decide(choice.closest("dialog"), choice.dataset.decide, choice);
      if (event.target.closest("[data-menu]")) $("#menu").showModal();
      if (event.target.id === "menu") event.target.close();
    });
    // Values of the host's own fields go to the host alone, before the form goes to the program.
    async function seal(form) {
      for (const field of form.querySelectorAll("[data-secure]")) {
        if (!field.value.trim()) {
          if ("filled" in field.dataset) continue;
          toast(field.dataset.missing);
          field.focus();
          return false;
        }
        const answer = await fetch(api + "/secure-fields/" + field.dataset.secure, { ...json({ value: field.value }), method: "PUT" }).catch(() => null);
        if (answer?.status === 401) { signIn(); return false; }
        const said = await answer?.json().catch(() => null);
        if (!answer?.ok) { toast(said?.title ?? toasts.dataset.lost); field.focus(); return false; }
        field.value = "";
        field.placeholder = said.masked;
        field.dataset.filled = "";
      }
      return true;
    }
    document.addEventListener("submit", async event => {
      if (event.target.id === "sheet-asks") return event.preventDefault();
      const form = event.target.closest("[data-form]");
      if (!form) return;
      event.preventDefault();
      const submitter = event.submitter;
      if (busy || !await seal(form)) return;
      const values = [];
      for (const field of form.elements) {
        if (!field.name || field.disabled) continue;
        if (field.role === "switch") values.push([field.name, String(field.checked)]);
        else if (!/^(checkbox|radio)$/.test(field.type) || field.checked) values.push([field.name, field.value]);
      }
      send({ type: "submitted", form: form.dataset.form, button: submitter?.dataset.tap ?? "", values }, submitter);
    });
    document.addEventListener("change", event => {
      const field = event.target;
      if (!("change" in field.dataset)) return;
      send({ type: "tapped", id: field.name, value: field.role === "switch" ? String(field.checked) : field.value }, field);
    });

    const stream = new EventSource(api + "/stream");
    stream.addEventListener("moved", event => { heard = Math.max(heard, JSON.parse(event.data).position); catchUp(); });
    const lookAgain = async () => { if (!busy) { await redraw(); await catchUp(); } };
    document.addEventListener("visibilitychange", () => { if (!document.hidden) lookAgain(); });
    addEventListener("pageshow", event => { if (event.persisted) lookAgain(); });
    addEventListener("online", () => { if (mark.pending && !busy) post(); else lookAgain(); });
    // Opened by another program: back leads there.
    const leadBack = () => {
      let before;
      try { before = sessionStorage.getItem("xitai.back." + session); } catch { /* private mode */ }
      const back = $("[data-back]", stage);
      if (before && back) { back.href = "/app/sessions/" + before; back.setAttribute("aria-label", back.dataset.backLabel); }
    };
    leadBack();
    if (mark.pending) post(); else { openSheet(); catchUp(); }
  }

  // Opening a program.
  const opening = $("#opening");
  if (opening) (async () => {
    const { open, page, locale, elder, practice, channel, code, via, home = "/app" } = opening.dataset;
    const asked = [...new URLSearchParams(opening.dataset.query)];
    // Where it leads back to is this browser's own affair: the program that opens hears nothing of it.
    const isBefore = ([name, value]) => name === "from" && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(value);
    const before = asked.find(isBefore)?.[1], query = asked.filter(pair => !isBefore(pair));
    const body = { program: open, locale, elder_mode: elder !== undefined, channel: channel ?? (matchMedia("(min-width: 48rem)").matches ? "web" : "phone") };
    if (page) body.page = page;
    if (practice !== undefined) body.practice = true;
    if (code) body.code = code;
    if (via) body.origin = via;
    if (query.length) body.query = query;
    let why = toasts.dataset.lost;
    try {
      const answer = await fetch("/api/v1/sessions", json(body));
      if (answer.status === 401) return signIn();
      const said = await answer.json();
      if (answer.ok) {
        // The page that follows shows what came with the opening itself.
        try { sessionStorage.setItem("xitai." + said.session, JSON.stringify({ device: newDevice(), next: 1, pending: null, shown: 0 })); } catch { /* private mode */ }
        try { if (before) sessionStorage.setItem("xitai.back." + said.session, before); } catch { /* no way back then */ }
        return location.replace(home + "/sessions/" + said.session);
      }
      why = said.detail || said.title;
    } catch { /* said below */ }
    $(".opening-why").textContent = why;
    $(".opening-failed").hidden = false;
    $(".opening-ring").hidden = $(".skeleton").hidden = true;
  })();

  // A code that continues elsewhere: this end hears that it was taken.
  const handover = $("[data-handover]");
  if (handover) (async () => {
    const said = $(".handover-left", handover), until = Number(handover.dataset.untilMs);
    while (Date.now() < until) {
      await wait(1500);
      const answer = await fetch("/api/v1/handovers/" + handover.dataset.handover, { credentials: "same-origin" }).catch(() => null);
      const { state } = await answer?.json().catch(() => ({})) ?? {};
      if (state === "taken") { said.textContent = said.dataset.taken; await wait(1200); return location.replace(handover.dataset.back); }
      if (state === "over") break;
    }
    said.textContent = said.dataset.over;
  })();
  // The staff's pages are redrawn in the same way.
  window.xitai = { ...window.xitai, morph, say, toast, signIn, celebrate };
  // The sheet of a payment without a program: its buttons wake once a finger in motion has come to rest.
  for (const button of document.querySelectorAll("button[data-dead-ms]")) {
    setTimeout(() => { button.disabled = false; }, Number(button.dataset.deadMs));
  }

  // Small things of all pages.
  $(".desk-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  document.addEventListener("error", event => {
    if (event.target.nodeName === "IMG") event.target.replaceWith(Object.assign(document.createElement("span"), { className: "picture-none" }));
  }, true);
  function select(tab) {
    for (const other of tab.parentElement.children) {
      other.setAttribute("aria-selected", other === tab);
      other.tabIndex = other === tab ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
    }
  }
  document.addEventListener("click", event => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab);
    const step = event.target.closest("[data-step]");
    if (step) { const field = $("input", step.parentElement); field.stepUp(Number(step.dataset.step)); }
    if (event.target.closest("[data-print]")) print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(toasts.dataset.copied), () => {});
  });
  document.addEventListener("keydown", event => {
    const tab = event.target.closest?.("[role=tab]");
    // The next tab is on the side that one reads to.
    const ways = ["previousElementSibling", "nextElementSibling"], way = ["ArrowLeft", "ArrowRight"].indexOf(event.key);
    const turn = tab && (getComputedStyle(tab).direction === "rtl" ? ways.reverse() : ways)[way];
    if (turn && tab[turn]) { select(tab[turn]); tab[turn].focus(); }
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.nodeName)) { const search = $("input[type=search]"); if (search) { event.preventDefault(); search.focus(); } }
  });
  document.addEventListener("input", event => {
    const field = event.target;
    if (field.dataset.filter) for (const row of $(field.dataset.filter)?.children ?? []) row.hidden = !row.textContent.toLowerCase().includes(field.value.trim().toLowerCase());
    if ("output" in field.dataset) $(`output[for=${field.id}]`).textContent = field.value + " %";
  });
  document.addEventListener("change", event => {
    if ("go" in event.target.dataset || event.target.closest("form[data-auto]")) event.target.form.requestSubmit();
  });
})();
