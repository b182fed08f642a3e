// UTF-8, where an engine has no TextEncoder by what it does have natively: a loop over bytes in QuickJS costs a program
// with ten kilobytes of state more than all the rest of its event.

const hasEncoder = typeof TextEncoder !== "undefined";

/** The bytes of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text) {
  // `JSON.stringify` makes no text of `undefined`; kept as nothing at all, it could not be read again.
  if (typeof text !== "string") throw new TypeError(`${String(text)} is no text, and JSON has none for it: keep null`);
  if (hasEncoder) return new TextEncoder().encode(text);
  const characterForByte = unescape(encodeURIComponent(text.toWellFormed()));
  return Uint8Array.fromBase64(btoa(characterForByte));
}

/** The text in bytes that `encodeUtf8` made; other bytes are refused. */
export function decodeUtf8(bytes) {
  const held = bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes);
  if (hasEncoder) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(held);
  return decodeURIComponent(escape(atob(held.toBase64())));
}
