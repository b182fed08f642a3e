// Reads aloud what is shown: the bank's sheet where one is open, else a program's screen. A voice of the device speaks, and
// only one that lives on it: no word leaves the page.
"use strict";
(() => {
  const voices = window.speechSynthesis;
  if (!voices || !window.SpeechSynthesisUtterance) return;
  document.documentElement.classList.add("can-read");
  const BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, dt, dd, th, td, legend, label, button, summary, .item-title, .item-subtitle, .item-trailing, .money, .badge";
  let run = 0;

  // What is read, in the order of the page, with the language that it stands in. What is typed into a field is not text,
  // and is never said.
  function parts(root) {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim(), at = node.parentElement;
      if (!text || !at.checkVisibility() || at.closest("[aria-hidden=true], [data-read], script")) continue;
      const block = at.closest(BLOCKS) ?? at, last = found[found.length - 1];
      if (last?.block === block) last.text += " " + text;
      else found.push({ block, text, lang: at.closest("[lang]").lang });
    }
    return found;
  }
  async function spoken() {
    if (!voices.getVoices().length) await Promise.race([new Promise(done => voices.addEventListener("voiceschanged", done, { once: true })), new Promise(done => setTimeout(done, 600))]);
    return voices.getVoices().filter(voice => voice.localService);
  }
  const main = tag => tag.toLowerCase().split(/[-_]/)[0];
  function mark(block) {
    for (const old of document.querySelectorAll(".read-now")) old.classList.remove("read-now");
    block?.classList.add("read-now");
  }
  function stop() {
    run++;
    voices.cancel();
    mark(null);
    for (const button of document.querySelectorAll("[data-read]")) button.setAttribute("aria-pressed", "false");
  }
  async function read(button) {
    stop();
    const mine = ++run, own = await spoken();
    const sheet = document.querySelector("dialog#sheet[open], .sheet-page .sheet");
    const all = parts(sheet ?? document.querySelector("#main"));
    const voiceOf = part => own.find(voice => voice.lang === part.lang) ?? own.find(voice => main(voice.lang) === main(part.lang));
    if (mine !== run) return;
    if (!all.some(voiceOf)) return window.xitai?.say(button.dataset.unable);
    button.setAttribute("aria-pressed", "true");
    document.querySelector("#menu[open]")?.close();
    for (const part of all) {
      const voice = voiceOf(part);
      if (!voice) continue;
      await new Promise(done => {
        const said = Object.assign(new SpeechSynthesisUtterance(part.text), { voice, lang: part.lang, rate: .9, onend: done, onerror: done });
        mark(part.block);
        voices.speak(said);
      });
      if (mine !== run) return;
    }
    stop();
  }
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-read]");
    if (button) button.getAttribute("aria-pressed") === "true" ? stop() : read(button);
  });
  for (const name of ["xitai:drawn", "xitai:sheet"]) document.addEventListener(name, () => { if (voices.speaking) stop(); });
  addEventListener("pagehide", stop);
})();
