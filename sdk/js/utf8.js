// UTF-8 for engines that have no TextEncoder.

/** The bytes of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text) {
  if (typeof TextEncoder !== "undefined") return new TextEncoder().encode(text);
  const bytes = [];
  for (const character of text) {
    let point = character.codePointAt(0);
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return Uint8Array.from(bytes);
}

/** The text in bytes that `encodeUtf8` made. */
export function decodeUtf8(bytes) {
  if (typeof TextDecoder !== "undefined") return new TextDecoder().decode(Uint8Array.from(bytes));
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at];
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let next = 1; next <= more; next += 1) point = (point << 6) | (bytes[at + next] & 63);
    text += String.fromCodePoint(point);
    at += more + 1;
  }
  return text;
}
