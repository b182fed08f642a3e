// The customer's word. A rating needs a settled payment; complaints reach head office and nobody else.
import host from "xitai:content/feedback@1.0.0";

/** One to five stars for what a payment was for; `about` is the program's own name for it, empty: the program. */
export const rate = ({ about = "", payment = null, stars, text = "" }, key) => host.rate(about, payment, stars, text, key);
/** The number of the complaint. */
export const complain = ({ about = "", text }, key) => host.complain(about, text, key);
/** `{ ratings, next }`, newest first. */
export function ratings(about = "", after = null) {
  const [page, next] = host.ratings(about, after);
  return { ratings: page.map((rating) => ({ ...rating, at: Number(rating.at), answer: rating.answer ?? null })), next: next ?? null };
}
/** Staff answer a rating of their branch. */
export const answer = (rating, text, key) => host.answer(rating, text, key);
/** `{ stars, ratings }`: the sum of stars, and how many. */
export function tally(about = "") {
  const [stars, count] = host.tally(about);
  return { stars: Number(stars), ratings: count };
}
