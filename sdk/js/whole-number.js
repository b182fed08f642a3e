/** The whole number in a text; null where it says none, or one that a number can't hold exactly. */
export function wholeNumber(text) {
  const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}
