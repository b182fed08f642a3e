// The bank's own chat page: sends what is typed, under a number so that twice is once, and draws what is said.
"use strict";
(() => {
  const form = document.querySelector(".chat-say"), text = form.elements.text, lines = document.querySelector(".chat-lines");
  const unsent = document.querySelector("#chat-unsent"), TRIES_MAX = 4;
  // What did not get through, and its number: said again as it is, it is the same message.
  let failed = null;
  const end = () => scrollTo(0, document.body.scrollHeight);
  async function draw() {
    const answer = await fetch("/chat/fragment", { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html"), now = drawn.querySelector("#chat-part");
    if (!now) return;
    // What was there stays where it is, so that only what is new is announced and a focused choice stays focused.
    for (const bubble of document.querySelectorAll(".bubble")) if (!drawn.getElementById(bubble.id)) bubble.remove();
    window.xitai.morph(document.querySelector("#chat-part"), now);
    end();
  }
  const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, "0")).join("");
  async function say(what) {
    const id = failed?.what === what ? failed.id : newId();
    failed = null;
    unsent.textContent = "";
    const body = new URLSearchParams({ text: what, id });
    for (let turn = 0; turn < TRIES_MAX; turn++) {
      if (turn) await new Promise(done => setTimeout(done, 300 * 2 ** turn));
      const answer = await fetch("/chat", { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => null);
      if (answer && (answer.type === "opaqueredirect" || answer.ok)) return draw();
    }
    failed = { what, id };
    // What was begun meanwhile stays behind it.
    text.value = [what, text.value].filter(Boolean).join(" ");
    unsent.textContent = form.dataset.unsent;
  }
  form.addEventListener("submit", event => {
    event.preventDefault();
    const what = text.value.trim();
    if (!what) return;
    text.value = "";
    say(what);
  });
  lines.addEventListener("click", event => { const choice = event.target.closest("[data-say]"); if (choice) say(choice.dataset.say); });
  new EventSource("/chat/stream").addEventListener("said", draw);
  end();
})();
