// A screen as its text drawing, made so that it can be acted on: for channels that have no page of their own. Each line
// is what `xitai test` writes into scenes; what can be tapped ends with its id in brackets. What a line leaves out of a
// choice or of the host's own field is among the controls.
"use strict";
const h = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") node[name] = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
};

// `controls` are by id; `act` is given what is to be done, such as {do: "tap", node: "pay"}.
function drawing(text, controls, act) {
  const root = h("div", { class: "drawing" });
  let form = null, formDepth = -1;
  const values = of => [...root.querySelectorAll(`[data-form="${CSS.escape(of)}"]`)]
    .filter(field => field.type !== "radio" && field.type !== "checkbox" || field.checked || field.dataset.toggle !== undefined)
    .map(field => [field.name, field.dataset.toggle !== undefined ? String(field.checked) : field.value]);
  // Choices of which nothing is ticked: the host would take what is left out for what it shows.
  const emptied = of => [...new Set([...root.querySelectorAll(`[data-form="${CSS.escape(of)}"][data-many]`)].map(field => field.name))]
    .filter(name => !values(of).some(([other]) => other === name));
  for (const whole of text.split("\n")) {
    const depth = whole.length - whole.trimStart().length;
    const found = whole.trim().match(/^(.*?) ?\[([^\[\]]+)\]$/);
    if (form !== null && depth <= formDepth) form = null;
    const line = h("div", { class: "line" });
    line.style.paddingInlineStart = depth * 0.6 + "rem";
    root.append(line);
    if (!found || whole.trim() === "[ ]") { line.append(...plain(whole.trim())); continue; }
    const [, says, mark] = found, [id, disabled] = mark.split(", ");
    if (says === "form") { form = id; formDepth = depth; line.remove(); continue; }
    const inForm = form, tap = value => act({ do: "tap", node: id, value }), control = Object.hasOwn(controls, id) ? controls[id] : {};
    const field = (more, ...children) => h("input", { name: id, "data-form": inForm, ...more }, ...children);
    let it;
    if (control.type === "choice") {
      const kind = control.many ? { type: "checkbox", "data-many": "" } : { type: "radio" };
      line.append(h("fieldset", {}, h("legend", {}, control.label), control.options.map(([key, says]) =>
        h("label", { class: "tick" }, field({ ...kind, value: key, checked: control.selected.includes(key), onchange: () => inForm === null && tap(key) }), says))));
    } else if (control.type === "secure") {
      // The program never sees it: it goes to the host by itself, before the form.
      const box = h("input", { type: "password", autocomplete: "off" });
      const hand = () => { act({ do: "fill", node: id, value: box.value }); box.value = ""; };
      line.append(h("label", {}, control.label, box), h("button", { type: "button", onclick: hand }, t("hand")));
    } else if ((it = says.match(/^\( (.*) \)$/))) {
      const press = () => inForm === null ? tap(null) : act({ do: "submit", form: inForm, button: id, values: values(inForm), emptied: emptied(inForm) });
      line.append(h("button", { type: "button", class: "wide", disabled: disabled !== undefined, onclick: press }, it[1]));
    } else if ((it = says.match(/^(.*): `(.*)`( \*)?$/))) {
      line.append(h("label", {}, it[1], field({ value: it[2] })));
    } else if ((it = says.match(/^\[(x| )\] (.*)$/))) {
      const box = field({ type: "checkbox", checked: it[1] === "x", "data-toggle": "", onchange: () => inForm === null && tap(String(box.checked)) });
      line.append(h("label", { class: "tick" }, box, it[2]));
    } else if ((it = says.match(/^\(-\) (\d+) \(\+\) (\d+)\.\.(\d+)$/))) {
      const [, now, least, most] = it.map(Number);
      if (inForm !== null) line.append(field({ type: "number", value: now, min: least, max: most }));
      else line.append(h("button", { type: "button", disabled: now <= least, onclick: () => tap(String(now - 1)) }, "−"), ` ${now} `, h("button", { type: "button", disabled: now >= most, onclick: () => tap(String(now + 1)) }, "+"));
    } else if ((it = says.match(/^tabs: (.*)$/))) {
      line.append(...it[1].split(" | ").map((name, index) => h("button", { type: "button", onclick: () => tap(String(index)) }, name)));
    } else if ((it = says.match(/^-> (.*)$/))) {
      line.append(h("button", { type: "button", class: "link", onclick: () => act({ do: "open", page: id }) }, it[1] + " →"));
    } else if (/^list\b/.test(says)) {
      line.append(h("button", { type: "button", class: "link", onclick: () => tap("more") }, "…"));
    } else if ((it = says.match(/^(.*): (-|\d{4}-\d\d-\d\d)( \*)?$/))) {
      const day = field({ type: "date", value: it[2] === "-" ? "" : it[2], onchange: () => inForm === null && tap(day.value) });
      line.append(h("label", {}, it[1], day));
    } else line.append(h("button", { type: "button", class: "link", onclick: () => tap(null) }, ...plain(says)));
  }
  return root;
}

function plain(text) {
  const heading = text.match(/^(#{1,2}|==) (.*)$/);
  if (heading) return [h("strong", { class: heading[1] === "#" ? "top-line" : "" }, heading[2])];
  if (text === "---") return [h("hr")];
  return [text === "card" ? "" : text];
}
