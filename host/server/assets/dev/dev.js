// The page of `xitai dev`. The server knows everything; this draws what it says, and posts what is asked for.
"use strict";
const $ = id => document.getElementById(id);
const html = document.documentElement;
let view = null, travelled = true, busy = false;

// Asking.
async function post(path, body) {
  if (busy) return null;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });
    const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    if (!answer.ok) say(told.told ?? answer.statusText);
    return answer.ok ? told : null;
  } catch { say(t("lost")); return null; } finally { busy = false; document.body.removeAttribute("aria-busy"); }
}
// What leads to another moment has its page loaded anew: it is another bank.
async function travel(path, body) { travelled = true; const done = await post(path, body); await load(); return done; }
const act = async what => {
  if (what.do === "open") travelled = true;
  // What was typed beside a value that is handed to the bank stays.
  if (what.do !== "fill") drawn.of = null;
  await post("/dev/act", what);
};
let saying;
function say(text) { $("said").textContent = text; clearTimeout(saying); saying = setTimeout(() => { $("said").textContent = ""; }, 8000); }

let loading = false, again = false;
async function load() {
  if (loading) { again = true; return; }
  loading = true;
  try { do { again = false; view = await (await fetch("/dev/view")).json(); draw(); } while (again); }
  catch { say(t("lost")); } finally { loading = false; }
}

// Drawing.
const fill = (id, ...children) => $(id).replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
const button = (key, onclick, more) => h("button", { type: "button", onclick, ...more }, t(key));
const pre = (text, kind) => h("pre", { class: kind ?? null, tabindex: "0" }, text);
const json = value => typeof value === "string" ? value : JSON.stringify(value, null, 2);
const ms = us => us >= 1000 ? (us / 1000).toFixed(1) + " ms" : us + " µs";
const size = bytes => bytes >= 1 << 20 ? (bytes / (1 << 20)).toFixed(1) + " MiB" : bytes >= 1024 ? (bytes / 1024).toFixed(1) + " KiB" : bytes + " B";

function draw() {
  const { play, build } = view;
  document.title = (build.fault ? "✗ " : build.running ? "… " : "") + (play?.name ?? "xitai") + " · dev";
  $("name").textContent = play ? `${play.name} ${play.version}` : "xitai dev";
  $("folder").textContent = view.folder;
  $("build").className = "build " + (build.running ? "running" : build.fault ? "failed" : "built");
  $("build").textContent = build.running ? t("building") : build.fault ? t("failed") : build.number ? `${t("built")} ${(build.took_ms / 1000).toFixed(1)} s · ${size(build.package_bytes)}` : "";
  for (const id of ["again", "afresh", "save", "back", "forth"]) $(id).disabled = !play;
  drawLooks();
  drawFront();
  drawPast();
  drawTold();
  drawInside();
}

function options(select, all, chosen) {
  const made = all.map(([value, text]) => Array.isArray(text) ? h("optgroup", { label: t(value) }, text.map(([v, name]) => h("option", { value: v }, name))) : h("option", { value }, text));
  if (select !== document.activeElement) { select.replaceChildren(...made); select.value = chosen ?? ""; }
}
function drawLooks() {
  const { play, look } = view;
  const kinds = people => people.map(it => [it.name, `${it.name} · ${t(it.kind)}${it.open ? " •" : ""}`]);
  const people = play?.people ?? [];
  options($("who"), [["customers", kinds(people.filter(it => !it.staff))], ["staff", kinds(people.filter(it => it.staff))]], play?.who);
  options($("channel"), ["phone", "web", "kiosk", "chat"].map(it => [it, t(it)]), look.channel ?? "phone");
  const spoken = view.locales.map(it => it.tag), others = [play?.locale, look.locale].filter(it => it && !spoken.includes(it));
  options($("locale"), [...new Set(others)].map(it => [it, it]).concat(view.locales.map(it => [it.tag, it.name])), look.locale ?? play?.locale);
  $("large").checked = look.large;
  $("core").checked = Boolean(play?.core);
  for (const field of $("looks").elements) field.disabled = !play;
}

function drawFront() {
  const { play, look, build } = view, session = play?.session, channel = look.channel ?? "phone";
  // Staff stand at no kiosk.
  const isStaff = play?.people.some(it => it.name === play.who && it.staff), root = channel === "kiosk" && !isStaff ? "/kiosk" : "/app";
  const isDrawn = channel === "chat", frame = $("frame");
  $("device").dataset.channel = channel;
  frame.hidden = !session || isDrawn;
  $("drawn").hidden = !session || !isDrawn;
  $("waiting").hidden = !!session;
  fill("waiting", !play ? t(build.fault ? "failed" : "first") : [t("nothing"), h("br"), button("open", () => act({ do: "open", page: play.pages[0] }))]);
  if (play) $("clock").textContent = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "full", timeStyle: "medium", timeZone: play.zone }).format(play.clock_ms);
  if (!session) { frame.dataset.session = ""; return; }
  if (isDrawn) {
    const spoken = play.moments.filter(it => it.on_line && it.id <= play.at && it.id !== play.at && it.screen && it.who === play.who);
    fill("drawn", spoken.map(it => [h("p", { class: "mine" }, it.told), h("div", { class: "theirs past-one", dir: "auto" }, it.screen)]),
      h("p", { class: "mine" }, play.moment?.told ?? ""),
      session.chat.map(text => h("div", { class: "theirs said-so", dir: "auto" }, text)), h("div", { class: "taps" }, kept(drawn, [session.id, session.screen, session.controls], () => drawing(session.screen, session.controls, act))));
    $("drawn").scrollTop = $("drawn").scrollHeight;
  } else if (travelled || frame.dataset.session !== session.id) {
    const path = root + "/sessions/" + session.id, there = frame.dataset.session && frame.contentWindow?.location.pathname;
    if (travelled || (there !== path && !there?.startsWith(root + "/open/"))) {
      // Another bank counts the page's events anew.
      sessionStorage.removeItem("xitai." + session.id);
      if (frame.dataset.session) frame.contentWindow.location.replace(path); else frame.src = path;
    }
  }
  frame.dataset.session = isDrawn ? "" : session.id;
  travelled = false;
}

// What is drawn of the same is the same: what was typed in it stays.
const drawn = { of: null, node: null }, asked = { of: null, node: null };
function kept(held, of, draw) {
  const key = JSON.stringify([of, language]);
  if (held.of !== key) { held.of = key; held.node = draw(); }
  return held.node;
}

function drawPast() {
  const play = view.play, moments = play?.moments ?? [];
  const at = play?.line.indexOf(play.at) ?? -1;
  $("back").disabled = at <= 0;
  $("forth").disabled = !play || at < 0 || at >= play.line.length - 1;
  const time = it => new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: play.zone }).format(it.at_ms);
  const row = it => h("li", { class: [it.kind, it.refused ? "refused" : "", it.on_line ? "" : "aside"].join(" ") },
    h("button", { type: "button", "aria-current": it.id === play.at ? "step" : null, disabled: !it.kept, title: it.kept ? null : t("gone"), onclick: () => travel("/dev/go/" + it.id) },
      h("span", { class: "what" }, it.told), it.refused ? h("span", { class: "code" }, it.refused) : null, h("time", {}, time(it))));
  const line = moments.filter(it => it.on_line).map(row);
  const aside = moments.filter(it => !it.on_line);
  fill("moments", line, aside.length ? [h("li", { class: "fork" }, t("elsewhere")), aside.map(row)] : []);
  $("moments").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

const alert = (kind, code, says, detail, mend, ...more) => h("div", { class: "alert " + kind, role: "alert" },
  h("h3", {}, code ? h("code", {}, code) : null, says), detail ? pre(detail) : null, mend ? h("p", { class: "mend" }, "→ " + mend) : null, ...more);
const findings = all => all.map(it => alert(it.severity, it.code, said(it.explained)[0], `${it.place}\n${it.evidence}`, said(it.explained)[1] || it.mend));

// What stands in the way comes before everything else.
function drawTold() {
  const { build, play, note } = view, refused = play?.moment?.refused, fault = build.fault;
  fill("told",
    fault && alert("error", null, fault.what, fault.said, fault.way_out, findings(fault.findings), play && h("p", {}, t("still"))),
    note && alert("note", null, note.text, null, null, note.kind === "afresh" && button("afresh", () => travel("/dev/afresh"))),
    refused && alert("error", refused.code, said(refused.explained)[0], refused.detail, said(refused.explained)[1]),
    play?.session?.sheet && kept(asked, [play.session.id, play.session.sheet, play.session.asks], () => sheetBox(play.session)),
    !fault && build.findings.length ? h("details", { class: "card" }, h("summary", {}, `${t("inspection")} (${build.findings.length})`), findings(build.findings)) : null);
}

function sheetBox({ id, sheet, asks }) {
  const fields = asks.fields.map(it => sheetField(it, `/api/v1/sessions/${encodeURIComponent(id)}/sheets/${encodeURIComponent(asks.ticket)}/file`));
  // Nothing that is empty or unticked.
  const answers = () => asks.fields.map((it, index) => [it.name, fields[index].answer()]).filter(([, value]) => value);
  const decide = (word, more) => button(word, () => act({ do: "sheet", decide: word, ...more?.() }));
  return h("div", { class: "alert sheet" }, h("h3", {}, t("decide")), pre(sheet), fields.map(it => it.row),
    h("p", { class: "row" }, decide("confirm", () => ({ answers: answers() })), decide("decline"), decide("expire")));
}
// A field of a sheet, as the bank's own page has it, but that a code and a position are typed.
function sheetField({ name, label, hint, input, required }, place) {
  const says = label + (required ? " *" : ""), kind = input.input;
  if (kind === "tick") {
    const box = h("input", { type: "checkbox", name });
    return { row: h("label", { class: "tick" }, box, says), answer: () => box.checked ? "yes" : "" };
  }
  if (kind === "choice") {
    const box = h("select", { name }, h("option", { value: "" }, t("choose")), input.options.map(([key, text]) => h("option", { value: key }, text)));
    return { row: h("label", {}, says, " ", box), answer: () => box.value };
  }
  if (kind === "file") {
    let handle = "";
    const box = h("input", { type: "file", name, accept: input.accept.join(","), title: t("upload_why"), onchange: async () => { handle = await upload(place, box); } });
    return { row: h("label", {}, says, " ", box), answer: () => handle };
  }
  const box = h("input", { type: kind === "secret" ? "password" : "text", name, autocomplete: "off", maxlength: input.chars_max, placeholder: kind === "position" ? "31.299,120.585" : hint || null });
  return { row: h("label", {}, says, " ", box), answer: () => box.value.trim() };
}
// The bank takes it as from its own page, and names it.
async function upload(place, box) {
  const file = box.files[0];
  if (!file) return "";
  const sent = { method: "PUT", headers: { "content-type": "application/octet-stream" }, body: file };
  const answer = await fetch(`${place}?name=${encodeURIComponent(file.name)}`, sent).catch(() => null);
  const given = await answer?.json().catch(() => ({})) ?? {};
  if (answer?.ok) return given.handle;
  box.value = "";
  say(answer ? [given.title, given.detail].filter(Boolean).join(" ") || answer.statusText : t("lost"));
  return "";
}

function drawInside() {
  const play = view.play, moment = play?.moment;
  if (!moment) return fill("detail");
  const open = new Set([...$("detail").querySelectorAll("details[open]")].map(it => it.dataset.key));
  const editing = $("detail").querySelector("textarea");
  if (editing) return;
  const steps = moment.steps;
  fill("detail", stateCard(play, steps), steps.length ? steps.map((step, index) => stepCard(step, index, steps.length)) : h("p", { class: "empty" }, t("none_ran")), coreCard(play), partnerCard(play));
  for (const it of $("detail").querySelectorAll("details[data-key]")) it.open = open.has(it.dataset.key) || (it.dataset.key.startsWith("calls") && !open.size && it.open);
}

const card = (key, title, ...children) => h("section", { class: "card", "data-card": key }, h("h3", {}, title), ...children);
function difference(lines) {
  return h("pre", { class: "difference", tabindex: "0" }, lines.map(line => h("span", { class: line[0] === "+" ? "added" : line[0] === "-" ? "gone" : "" }, line + "\n")));
}
function stateCard(play, steps) {
  const own = steps.filter(step => step.who === play.who), last = own.at(-1), first = own[0], state = play.state;
  if (!state) return null;
  const changed = last?.difference?.some(line => line[0] !== " ");
  const body = !last || !last.difference ? pre(state.text || t("none"))
    : own.length === 1 ? (changed ? difference(last.difference) : [h("p", { class: "quiet-line" }, t("same")), pre(state.text || t("none"))])
    : own.map(step => step.difference ? difference(step.difference) : null);
  return card("state", `${t("state")} · ${play.who}`, h("p", { class: "facts" }, `${state.form} · ${state.bytes} ${t("bytes")}`, first && first.before.bytes !== state.bytes ? ` (${t("before")} ${first.before.bytes})` : "", last?.schema ? ` · ${t("schema")} ${last.schema}` : ""), body, h("p", { class: "row" }, button("change", editState, { id: "edit" })));
}
function editState() {
  const box = $("detail").querySelector("[data-card=state]"), state = view.play?.state;
  if (!box || !state) return;
  const field = h("textarea", { rows: String(Math.min(24, state.text.split("\n").length + 2)), spellcheck: "false", "aria-label": t("state") });
  field.value = state.text;
  const leave = () => { field.remove(); drawInside(); };
  const send = async () => { if (await travel("/dev/state", { text: field.value })) leave(); };
  box.replaceChildren(h("h3", {}, t("state")), field, h("p", { class: "row" }, button("resume", send, { class: "primary" }), button("cancel", leave)));
  field.addEventListener("keydown", event => { if (event.key === "Escape") leave(); if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(); });
  field.focus();
}

function gauge(key, value, most, told) {
  const share = most ? value / most : 0;
  return h("div", { class: "gauge" }, h("span", {}, t(key)), h("meter", { min: 0, max: most, high: most * 0.8, low: most * 0.5, optimum: 0, value, "aria-label": t(key) }), h("span", { class: share > 1 ? "over" : "" }, told));
}
function stepCard(step, index, count) {
  const limits = view.limits, cost = step.cost, event = step.event, { type, ...rest } = event;
  const title = [t("step"), " ", String(step.position), " · ", h("code", {}, type), step.who && step.who !== view.play.who ? ` · ${step.who}` : !step.who ? ` · ${t("background")}` : ""];
  return h("section", { class: "card step", "data-card": "step" }, h("h3", {}, title),
    Object.keys(rest).length ? pre(json(rest), "small") : null,
    step.fell ? alert("error", step.fell.code, said(step.fell.explained)[0], step.fell.detail, said(step.fell.explained)[1]) : null,
    h("div", { class: "gauges" },
      gauge("compute", cost.compute_us, limits.compute_us, `${ms(cost.compute_us)} ${t("of")} ${ms(limits.compute_us)}`),
      gauge("memory", cost.memory_bytes, limits.memory_bytes, `${size(cost.memory_bytes)} ${t("of")} ${size(limits.memory_bytes)}`),
      gauge("screen", cost.screen_bytes, limits.screen_bytes, `${size(cost.screen_bytes)} ${t("of")} ${size(limits.screen_bytes)}`),
      step.nodes === null ? null : gauge("nodes", step.nodes, limits.nodes, `${step.nodes} ${t("of")} ${limits.nodes}`),
      step.after ? gauge("state", step.after.bytes, limits.state_bytes, `${size(step.after.bytes)} ${t("of")} ${size(limits.state_bytes)}`) : null,
      gauge("calls", cost.host_calls, limits.host_calls, `${cost.host_calls} ${t("of")} ${limits.host_calls}`)),
    step.calls.length ? h("div", { class: "calls" }, step.calls.map((call, number) => callRow(call, `calls ${index} ${number}`, step.calls.length + count < 6))) : null,
    step.effects?.length ? h("p", { class: "facts" }, h("b", {}, t("effects") + " "), step.effects.map(it => h("code", {}, `${it.kind} ${it.json}`))) : null,
    step.sheet ? h("p", { class: "facts" }, h("b", {}, t("sheet") + " "), h("code", {}, step.sheet)) : null,
    step.watch?.length ? h("p", { class: "facts" }, h("b", {}, t("watch") + " "), step.watch.map(it => h("code", {}, it))) : null,
    step.logs.length ? h("div", { class: "logs" }, step.logs.map(line => h("p", { class: line.level }, h("span", {}, line.level), line.text))) : null);
}
function callRow(call, key, open) {
  const one = value => { const text = JSON.stringify(value); return text.length > 60 ? text.slice(0, 60) + "…" : text; };
  return h("details", { class: "call" + (call.refused ? " refused" : ""), "data-key": key }, h("summary", {}, h("code", {}, call.function), h("span", { class: "brief" }, `${one(call.arguments)} → ${one(call.answer)}`), h("span", { class: "bytes" }, size(call.bytes))),
    h("div", { class: "pair" }, h("div", {}, h("h4", {}, t("arguments")), pre(json(call.arguments))), h("div", {}, h("h4", {}, t("answer")), pre(json(call.answer)))));
}

function coreCard(play) {
  if (!play.core) return null;
  const off = { disabled: !play.core.length }, says = (word, more) => button(word, () => act({ do: "core", says: word.slice(5), ...more?.() }), off);
  const code = h("select", { "aria-label": t("core_code") }, ["insufficient-funds", "limit-exceeded", "card-expired", "card-blocked"].map(it => h("option", {}, it)));
  return card("core", t("core"), h("p", {}, play.core.length ? [h("b", {}, play.core.join(", ")), ` · ${t("partner_wait")}`] : t("core_none")),
    h("p", { class: "row" }, says("core-done"), says("core-refused", () => ({ code: code.value })), code), h("p", { class: "row" }, says("core-pending"), says("core-unknown"), says("core-silent"), says("core-away")));
}
function partnerCard(play) {
  if (!play.endpoints.length) return null;
  const waits = name => play.waiting.filter(it => it === name).length;
  return card("partner", t("partner"), play.endpoints.map(name => {
    const status = h("input", { type: "number", value: "200", min: "100", max: "599", "aria-label": t("status") });
    const body = h("textarea", { rows: "2", placeholder: t("body"), "aria-label": t("body"), spellcheck: "false" }), waiting = waits(name);
    const off = { disabled: !waiting };
    return h("div", { class: "partner" }, h("p", {}, h("b", {}, name), waiting ? ` · ${waiting} ${t("partner_wait")}` : ` · ${t("partner_none")}`),
      h("p", { class: "row" }, status, button("reply", () => act({ do: "reply", endpoint: name, status: Number(status.value), body: body.value }), off), button("hang", () => act({ do: "hang", endpoint: name }), off), button("away", () => act({ do: "away", endpoint: name }), off),
        button("tell", () => tell(name, body.value))), body);
  }));
}

// Asking for more.
function ask(title, fields, go, label) {
  const box = $("ask"), form = h("form", { method: "dialog" }, h("h2", {}, title), ...fields, h("p", { class: "row" }, h("button", { class: "primary", value: "go" }, label), button("cancel", () => box.close())));
  box.replaceChildren(form);
  box.onclose = () => { if (box.returnValue === "go") go(); box.returnValue = ""; };
  box.showModal();
  form.querySelector("input")?.select();
}
const input = (key, value) => { const field = h("input", { value }); return [field, h("label", {}, t(key), field)]; };
const tick = key => { const field = h("input", { type: "checkbox" }); return [field, h("label", { class: "tick" }, field, t(key))]; };
function tell(endpoint, body) {
  const [topic, row] = input("topic", "changed"), [of, ofRow] = tick("of_call");
  ask(`${endpoint}: ${t("tell")}`, [row, ofRow], () => act({ do: "tell", endpoint, topic: topic.value, of_call: of.checked, body }), t("tell"));
}
function save() {
  const there = view.play?.scenes.length ?? 0;
  const [name, nameRow] = input("scene_name", "scene-" + (there + 1)), [title, titleRow] = input("scene_title", ""), [over, overRow] = tick("replace");
  ask(t("save"), [h("p", {}, t("scene_lead")), nameRow, titleRow, overRow], async () => {
    const done = await post("/dev/scene", { name: name.value, title: title.value, over: over.checked });
    if (!done) return;
    const more = [["refused_in", done.refused], ["unlike", done.unlike]].filter(([, all]) => all.length).map(([key, all]) => `${t(key)}: ${all.join("; ")}`);
    say([`${t("saved")}: ${done.file}, ${done.turns} ${t("turns")}.`, ...more].join(" "));
  }, t("save"));
}
function help() {
  ask(t("keys"), [h("p", {}, t("keys_list")), h("p", {}, t("held"))], () => {}, t("close"));
}
function step(by) {
  const play = view?.play, next = play?.line[play.line.indexOf(play.at) + by];
  if (next !== undefined) travel("/dev/go/" + next);
}

// Words, look and keys.
function relabel() {
  html.lang = language === "zh" ? "zh-CN" : "en";
  for (const id of ["again", "afresh", "save"]) { $(id).textContent = t(id); $(id).title = t(id + "_why"); }
  for (const id of ["front", "past", "inside"]) $(id + "-name").textContent = t(id);
  for (const id of ["who", "channel", "locale", "large", "core"]) $(id).parentElement.querySelector("span").textContent = t(id);
  for (const id of ["back", "forth"]) { $(id).title = t(id); $(id).setAttribute("aria-label", t(id)); }
  $("frame").title = t("front");
  $("language").textContent = language === "zh" ? "EN" : "中";
  $("language").setAttribute("aria-label", language === "zh" ? "English" : "中文");
  $("theme").setAttribute("aria-label", t("theme"));
  $("help").setAttribute("aria-label", t("keys"));
  $("clock").title = t("clock_why");
  fill("forward", [["minute", 60], ["hour", 3600], ["day", 86400]].map(([key, s]) => button(key, () => act({ do: "wait", s }))));
  if (view) draw();
}
const THEMES = ["auto", "light", "dark"];
function theme(name) {
  html.dataset.theme = name;
  localStorage.setItem("xitai.dev.theme", name);
  $("theme").textContent = { auto: "◐", light: "☀", dark: "☾" }[name];
  document.cookie = `xitai_theme=${name}; path=/; samesite=lax`;
}
$("theme").onclick = () => { theme(THEMES[(THEMES.indexOf(html.dataset.theme) + 1) % 3]); travelled = true; load(); };
$("language").onclick = () => { language = language === "zh" ? "en" : "zh"; localStorage.setItem("xitai.dev.language", language); relabel(); };
$("again").onclick = () => travel("/dev/again");
$("afresh").onclick = () => travel("/dev/afresh");
$("save").onclick = save;
$("help").onclick = help;
$("back").onclick = () => step(-1);
$("forth").onclick = () => step(1);
$("who").onchange = event => { event.target.blur(); travel("/dev/who", { who: event.target.value }); };
$("looks").onsubmit = event => event.preventDefault();
for (const id of ["channel", "locale", "large", "core"]) $(id).onchange = event => {
  event.target.blur();
  const locale = id === "locale" ? $("locale").value : view.look.locale;
  travel("/dev/look", { locale, large: $("large").checked, channel: $("channel").value, core: $("core").checked });
};
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("ask").open || event.target.closest("input, textarea, select, pre")) return;
  const go = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), r: () => $("again").click(), n: () => $("afresh").click(), s: save, e: editState, w: () => act({ do: "wait", s: 60 }), "?": help }[event.key];
  if (go && view?.play) { event.preventDefault(); go(); }
});
theme(localStorage.getItem("xitai.dev.theme") ?? "auto");
relabel();
const stream = new EventSource("/dev/stream");
stream.addEventListener("news", load);
stream.onerror = () => say(t("lost"));
