// Files on the staff's pages: pictures of content, and documents that go out with a form.
"use strict";
(() => {
  const { toast, signIn } = window.xitai, $ = (selector, root = document) => root.querySelector(selector);
  const words = $("#toasts").dataset;

  // A picture goes up by itself; the form then only names it.
  document.addEventListener("change", async event => {
    const field = event.target;
    if (!("upload" in field.dataset) || !field.files[0]) return;
    field.disabled = true;
    toast(words.busy);
    try {
      const answer = await fetch("/api/v1/media", { method: "POST", headers: { "content-type": field.files[0].type || "application/octet-stream" }, body: field.files[0], credentials: "same-origin" });
      if (answer.status === 401) return signIn();
      const said = await answer.json();
      if (!answer.ok) return toast(said.title + " " + said.mend);
      const box = $("[data-pictures]");
      let radio = [...box.querySelectorAll("input")].find(other => other.value === said.handle);
      if (!radio) {
        const label = document.createElement("label");
        radio = Object.assign(document.createElement("input"), { type: "radio", name: "image", value: said.handle });
        const thumb = Object.assign(document.createElement("span"), { className: "thumb" });
        thumb.append(Object.assign(document.createElement("img"), { src: said.address, alt: "" }));
        label.append(radio, thumb);
        box.append(label);
      }
      radio.checked = true;
    } catch { toast(words.lost); } finally { field.disabled = false; field.value = ""; }
  });
  // A form with a file sends that as its body, and the rest in the address.
  document.addEventListener("submit", async event => {
    const form = event.target, field = $("[data-send]", form), file = field?.files[0];
    if (!file) return;
    event.preventDefault();
    const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    said.set("name", file.name);
    toast(words.busy);
    try {
      const answer = await fetch(form.action + "?" + said, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file, credentials: "same-origin" });
      if (answer.status === 401) return signIn();
      if (answer.ok) return location.reload();
      const problem = await answer.json();
      toast(problem.title + " " + problem.mend);
    } catch { toast(words.lost); }
  });
})();
