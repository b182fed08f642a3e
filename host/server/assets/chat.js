// The bank's own chat page: sends what is typed, under a number so that twice is once, and draws what is said.
"use strict";
(() => {
  const form = document.querySelector(".chat-say"), text = form.elements.text, lines = document.querySelector(".chat-lines");
  const end = () => scrollTo(0, document.body.scrollHeight);
  async function draw() {
    const answer = await fetch("/chat/fragment", { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#chat-part");
    if (now) { document.querySelector("#chat-part").replaceWith(now); end(); }
  }
  async function say(what) {
    const id = [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, "0")).join("");
    const body = new URLSearchParams({ text: what, id });
    for (let turn = 0; turn < 4; turn++) {
      const answer = await fetch("/chat", { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => null);
      if (answer && (answer.type === "opaqueredirect" || answer.ok)) return draw();
      await new Promise(done => setTimeout(done, 600 * 2 ** turn));
    }
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
