// Content as the stage has it, but for the reviewers: a test decides with `bank.decideDraft(id, true)`.
import { asking, numbered, refuse, same } from "../call.js";

const WEEK = 7 * 86_400_000;

const staffOnly = () => asking().forMerchant || refuse("not-granted", "content.not-staff", "customers put nothing forward");
const customersOnly = () => (!asking().forMerchant && asking().subject) || refuse("not-granted", "feedback.not-customer", "staff have no word here");
function draftOf(id) {
  staffOnly();
  return asking().kept.drafts.find((it) => it.id === id) ?? refuse("not-found", "content.not-found", id);
}

export const library = {
  find({ kind, tag, text }) {
    const fits = (entry) => (!kind || entry.kind === kind) && (!tag || entry.tags.includes(tag)) && (!text || (entry.title + entry.summary).includes(text));
    return [asking().bank.library.filter(fits), null];
  },
  get: (id) => asking().bank.library.find((entry) => entry.id === id) ?? refuse("not-found", "content.not-found", id),
};

export const authoring = {
  submit(draft, key) {
    const { kept } = asking();
    staffOnly();
    const before = kept.drafts.find((it) => it.key === key);
    if (before && !same(before.draft, draft)) refuse("conflict", "feedback.key-reused", key);
    if (before) return before.id;
    if (!draft.title.trim()) refuse("invalid", "content.draft", "title: it is missing");
    const id = numbered("draft");
    kept.drafts.push({ id, key, draft, review: { stage: "checking", findings: [] } });
    return id;
  },
  status: (id) => draftOf(id).review,
  withdraw(id) {
    const { bank } = asking();
    draftOf(id).review.stage = "withdrawn";
    bank.library = bank.library.filter((entry) => entry.id !== id);
  },
};

export const feedback = {
  rate(about, payment, stars, text, key) {
    const { bank, kept, subject } = asking();
    customersOnly();
    if (stars < 1 || stars > 5) refuse("invalid", "rating.stars", "one to five");
    const paid = kept.payments.some((it) => it.payment.id === payment && it.subject === subject && ["settled", "partly-captured"].includes(it.payment.status));
    if (!paid) refuse("not-granted", "rating.not-paid", "only who has paid can rate");
    const before = kept.ratings.find((it) => it.payment === payment);
    if (!before) {
      kept.ratings.push({ payment, about, key, first: bank.now, rating: { id: numbered("rating"), stars, text, at: bank.now, answer: null } });
      return;
    }
    const unchanged = before.rating.stars === stars && before.rating.text === text && before.about === about;
    if (before.key === key && !unchanged) refuse("conflict", "feedback.key-reused", key);
    if (before.key === key) return;
    if (before.about !== about) refuse("conflict", "rating.exists", payment);
    if (bank.now >= before.first + WEEK) refuse("conflict", "rating.edit-over", payment);
    before.key = key;
    Object.assign(before.rating, { stars, text, at: bank.now });
  },
  complain(about, text, key) {
    const { kept, subject } = asking();
    customersOnly();
    if (!text.trim()) refuse("invalid", "feedback.text", "it is empty");
    const before = kept.complaints.find((it) => it.subject === subject && (it.key === key || it.text === text));
    if (before) return before.id;
    const id = numbered("complaint");
    kept.complaints.push({ id, subject, about, text, key });
    return id;
  },
  ratings: (about) => [asking().kept.ratings.filter((it) => it.about === about).map((it) => it.rating).reverse(), null],
  answer(id, text) {
    const { kept, forMerchant } = asking();
    const found = kept.ratings.find((it) => it.rating.id === id && forMerchant) ?? refuse("not-found", "rating.not-found", id);
    found.rating.answer = text;
  },
  tally(about) {
    const all = asking().kept.ratings.filter((it) => it.about === about);
    return [all.reduce((sum, it) => sum + it.rating.stars, 0), all.length];
  },
};
