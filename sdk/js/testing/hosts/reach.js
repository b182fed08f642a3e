// Partners, notices and the customer manager. A test's bank has every template and every purpose, and a manager.
import { ask, asking, numbered, refuse, same } from "../call.js";

const DAY = 86_400_000;
const CALLS_OPEN_MAX = 4;
const NOTICES_A_DAY_MAX = 5;
const NOTES_A_DAY_MAX = 5;

export const partner = {
  call(request) {
    const { kept, page, subject } = asking();
    if (!request.path.startsWith("/")) refuse("invalid", "partner.path", "a path begins with /");
    const before = kept.calls.find((it) => it.request.key === request.key && it.subject === subject);
    const plain = (it) => ({ ...it, body: [...it.body] });
    if (before && !same(plain(before.request), plain(request))) refuse("conflict", "partner.key-conflict", request.key);
    if (before) return before.id;
    if (kept.calls.filter((it) => it.page === page.number && !it.answered).length >= CALLS_OPEN_MAX) refuse("limited", "limit.partner-calls", "4 calls are open");
    for (const [name, ticket] of request.sealed) {
      if (kept.fields[ticket] === undefined) refuse("not-found", "secure-field.not-found", name);
      if (kept.fields[ticket] === null) refuse("conflict", "secure-field.empty", name);
    }
    const sealed = request.sealed.map(([name, ticket]) => [name, kept.fields[ticket]]);
    for (const [, ticket] of request.sealed) delete kept.fields[ticket];
    const id = numbered("call");
    kept.calls.push({ id, page: page.number, subject, request, sealed, answered: false });
    return id;
  },
};

function recipient(to) {
  const { forMerchant, subject } = asking();
  const own = forMerchant ? null : subject;
  if (to === null || to === undefined) return own ?? refuse("not-granted", "notice.not-customer", "name the recipient");
  return forMerchant || to === own ? to : refuse("not-found", "notice.recipient-unknown", to);
}
const dayOf = (at) => Math.floor(at / DAY);
const ofToday = (to) => asking().kept.notices.filter((it) => it.to === to && dayOf(it.at) === dayOf(asking().bank.now)).length;

export const notices = {
  subscribe(templates) {
    if (templates.length < 1 || templates.length > 3 || new Set(templates).size < templates.length) refuse("invalid", "notice.asked", "one to three different templates");
    return ask("notices", numbered("notices"), { templates });
  },
  send(notice) {
    const { bank, kept } = asking();
    const to = recipient(notice.to);
    const before = kept.notices.find((it) => it.to === to && it.notice.key === notice.key);
    if (before && !same(before.notice, notice)) refuse("conflict", "notice.key-reused", notice.key);
    if (before) return before.id;
    if (ofToday(to) >= NOTICES_A_DAY_MAX) refuse("limited", "notice.capped", "five a day");
    const allowed = `${to}/${notice.template}`;
    const left = kept.noticesAllowed[allowed] ?? 0;
    if (left === 0) refuse("not-consented", "notice.not-consented", notice.template);
    kept.noticesAllowed[allowed] = left - 1;
    const id = numbered("notice");
    kept.notices.push({ id, to, at: bank.now, notice });
    return id;
  },
  balance(to, template) {
    const whom = recipient(to);
    return Math.min(asking().kept.noticesAllowed[`${whom}/${template}`] ?? 0, NOTICES_A_DAY_MAX - ofToday(whom));
  },
};

export const relationship = {
  managerName: () => "客户经理",
  note(purpose, text, key) {
    const { bank, kept, subject, forMerchant } = asking();
    if (forMerchant || !subject) refuse("not-granted", "thread.not-customer", "staff have no customer manager");
    if (!text.trim() || [...text].length > 1_000 || text.includes("://")) refuse("invalid", "thread.text", "one to a thousand characters, no links");
    const thread = (kept.threads[`${subject}/${purpose}`] ??= []);
    const before = thread.find((it) => it.key === key);
    if (before && before.message.text !== text.trim()) refuse("conflict", "thread.key-reused", key);
    if (before) return;
    if (thread.filter((it) => it.message.author === "program" && bank.now - it.message.at < DAY).length >= NOTES_A_DAY_MAX) refuse("limited", "thread.rate", "five notes a day");
    thread.push({ key, message: { author: "program", text: text.trim(), at: bank.now } });
  },
  thread(purpose) {
    const { kept, subject } = asking();
    return [(kept.threads[`${subject}/${purpose}`] ?? []).map((it) => it.message).reverse(), null];
  },
};

export const AGREED = {
  /** The answer of `template-0` is `once` or `lasting`; one without an answer is not allowed. */
  notices({ kept, ask: { templates, subject }, answers }) {
    const given = templates.map((template, at) => [template, answers[`template-${at}`]]).filter(([, answer]) => answer);
    for (const [template, answer] of given) {
      const allowed = `${subject}/${template}`;
      kept.noticesAllowed[allowed] = answer === "lasting" ? Infinity : (kept.noticesAllowed[allowed] ?? 0) + 1;
    }
    return given.map(([template, answer]) => `${template}:${answer}`).join(" ");
  },
};
