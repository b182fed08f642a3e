/** The bytes of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array;
/** The text in bytes that `encodeUtf8` made; throws where they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array | readonly number[]): string;
