// Shows a mini program of a bank in a frame of this page. The frame is the bank's own origin: this page hears how high it
// is, that it closed and that its customer went on at the bank, and nothing else.

const SANDBOX = "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox";
const READY_MS = 10_000;
const LEAST_PX = 120, MOST_PX = 4_000;

const SAYS = {
  en: origin => `The bank does not show this here: ${origin} is not registered with it, or it can't be reached.`,
  zh: origin => `银行内容未能显示：${origin} 未在银行登记，或暂时无法连接。`,
  ru: origin => `Банк не показывает это здесь: ${origin} не зарегистрирован в банке, или с ним нет связи.`,
  fa: origin => `بانک این را در اینجا نشان نمی‌دهد: \u2068${origin}\u2069 نزد آن ثبت نشده است یا به بانک دسترسی نیست.`,
};

/**
 * Shows what `launch` was signed for within `element`.
 * @param {HTMLElement} element
 * @param {import("./xitai-embed.js").Options} options
 */
export function mount(element, options) {
  const { bank, embed, launch, title = "", language = document.documentElement.lang } = options;
  const origin = new URL(bank).origin;
  const address = new URL("/embed/" + encodeURIComponent(embed), origin);
  address.searchParams.set("launch", launch);
  if (language) address.searchParams.set("lang", language);

  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", SANDBOX);
  frame.referrerPolicy = "origin";
  frame.title = title;
  frame.src = address.href;
  frame.style.cssText = `display:block;width:100%;height:${LEAST_PX}px;border:0;color-scheme:normal`;

  const hear = event => {
    // Of this frame, and still of the bank: anything else is somebody else's message.
    if (event.source !== frame.contentWindow || event.origin !== origin || event.data?.xitai !== "embed") return;
    const { type, px, code } = event.data;
    if (type === "ready") ready();
    if (type === "height" && Number.isFinite(px)) frame.style.height = Math.min(Math.max(px, LEAST_PX), options.maxHeight ?? MOST_PX) + "px";
    if (type === "close") options.onClose?.();
    if (type === "gone-on") options.onGoneOn?.();
    if (type === "refused") options.onRefused?.(String(code ?? ""));
  };
  let waits = setTimeout(missing, READY_MS);
  function ready() {
    // It says so when it begins, and once more to whoever asks.
    if (!waits) return;
    clearTimeout(waits);
    waits = 0;
    options.onReady?.();
  }
  // A browser shows nothing of a frame that this page may not have. So it says why in plain words.
  function missing() {
    const says = (SAYS[language?.split(/[-_]/)[0].toLowerCase()] ?? SAYS.en)(location.origin);
    const word = Object.assign(document.createElement("p"), { textContent: says, dir: "auto" });
    word.setAttribute("role", "alert");
    frame.replaceWith(word);
    options.onRefused?.("embed.origin");
  }
  // The frame itself may have a plain word to show, and then never says that it is ready.
  frame.addEventListener("load", () => frame.contentWindow?.postMessage({ xitai: "embed", type: "hello" }, origin));
  addEventListener("message", hear);
  element.replaceChildren(frame);
  return {
    frame,
    remove() {
      clearTimeout(waits);
      removeEventListener("message", hear);
      element.replaceChildren();
    },
  };
}

/** `<xitai-embed bank="https://bank.example" embed="tea-house" launch="…"></xitai-embed>` */
if (globalThis.customElements && !customElements.get("xitai-embed")) {
  customElements.define("xitai-embed", class extends HTMLElement {
    connectedCallback() {
      const named = name => this.getAttribute(name) ?? undefined;
      const told = (type, detail) => this.dispatchEvent(new CustomEvent("xitai-" + type, { detail, bubbles: true }));
      this.mounted = mount(this, {
        bank: named("bank"), embed: named("embed"), launch: named("launch"), title: named("title"), language: named("language"),
        onReady: () => told("ready"), onClose: () => told("close"), onGoneOn: () => told("gone-on"), onRefused: code => told("refused", code),
      });
    }
    disconnectedCallback() { this.mounted?.remove(); }
  });
}
