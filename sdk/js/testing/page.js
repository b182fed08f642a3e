// A page that somebody has open. Every action delivers all that follows from it before it returns.
import { encodeUtf8 } from "../utf8.js";
import { Money } from "../money.js";
import { nodeToTap } from "./checks.js";
import { draw } from "./drawing.js";
import { AGREED } from "./hosts.js";
import { balanceOf } from "./hosts/payments.js";

export class Page {
  constructor(bank, subject, ctx, roles) {
    Object.assign(this, { bank, subject, ctx, roles, number: bank.pages.length, inbox: [], position: 0, armed: null, open: null, effects: [], step: null });
  }
  get isCustomer() {
    return this.ctx.actor.tag === "customer";
  }
  get screen() {
    return this.step.screen;
  }
  /** Taps a node. A button sends its value along and arms its amount. */
  tap(id, value = null) {
    const { element } = nodeToTap(this.screen, id);
    this.send(id, { tag: "tapped", val: { id, value: value ?? (element.tag === "button" ? element.val.value : null) } });
  }
  /** Sets a quantity, toggle or choice that stands outside of a form. */
  set(id, value) {
    const { tag, val } = nodeToTap(this.screen, id).element;
    if (tag === "quantity" && (Number(value) < val.minimum || Number(value) > val.maximum)) throw new Error(`\`${id}\` does not go to ${value}`);
    this.send(id, { tag: "tapped", val: { id, value: String(value) } });
  }
  /** Submits a form by one of its buttons. Fields that `values` leaves out keep what they show. */
  submit(form, button, values = {}) {
    this.send(button, { tag: "submitted", val: { form, button, values: this.filled(form, values) } });
  }
  /** The customer comes back. */
  resume() {
    this.deliver({ tag: "resumed" });
  }
  /** Any event of the host's. */
  deliver(event) {
    this.effects = [];
    this.bank.perform(this, () => this.bank.program.update(this.ctx, this.step.state, event));
    this.bank.settle();
  }
  /** What the open sheet asks for; null where it asks for no payment. */
  sheet() {
    const bill = this.bank.kept.payments.find((it) => this.open !== null && it.payment.ticket === this.open);
    return bill ? Money.of(bill.payment.payable) : null;
  }
  /** Confirms the open sheet, with what it asks for: the money moves if there is enough of it. */
  confirmSheet(answers = {}) {
    const ticket = this.takeSheet();
    const { kept } = this.bank;
    const ask = kept.asks[ticket];
    if (ask) {
      delete kept.asks[ticket];
      this.closed(ticket, "agreed", AGREED[ask.kind]({ bank: this.bank, kept, ask, answers }));
      return;
    }
    const bill = kept.payments.find((it) => it.payment.ticket === ticket);
    const balance = balanceOf(kept, bill.subject);
    const { payable } = bill.payment;
    Object.assign(bill.payment, { ticket: null, updated: this.bank.now });
    if (balance < payable.minor) {
      Object.assign(bill.payment, { status: "declined", declineCode: "funds.insufficient" });
      this.closed(ticket, "failed");
      return;
    }
    kept.balances[bill.subject] = balance - payable.minor;
    bill.payment.status = bill.order.captureLater ? "authorised" : "settled";
    if (!bill.order.captureLater) bill.payment.captured = { ...payable };
    this.closed(ticket, "agreed");
  }
  declineSheet() {
    const ticket = this.takeSheet();
    const { kept } = this.bank;
    const bill = kept.payments.find((it) => it.payment.ticket === ticket);
    if (bill) Object.assign(bill.payment, { ticket: null, status: "cancelled" });
    delete kept.asks[ticket];
    this.closed(ticket, "declined");
  }
  /** Fills in a secure field of the page, as the customer does in the host's own input. */
  fillSecure(id, value) {
    const node = this.screen.nodes.find((shown) => shown.id === id && shown.element.tag === "secure-field");
    if (!node) throw new Error(`no secure field has the id ${id}`);
    this.bank.kept.fields[node.element.val] = value;
  }
  /** Calls to partners of this page that wait: `request`, and `sealed` with what the host put in. */
  calls() {
    return this.bank.kept.calls.filter((it) => it.page === this.number && !it.answered);
  }
  /** The partner answers the oldest call that waits: a status and a body, or a code of the host's. */
  reply(statusOrCode, body = "") {
    const [asked] = this.calls();
    if (!asked) throw new Error("no call to a partner waits");
    asked.answered = true;
    const answer =
      typeof statusOrCode === "number"
        ? { tag: "ok", val: { status: statusOrCode, body: encodeUtf8(typeof body === "string" ? body : JSON.stringify(body)) } }
        : { tag: "err", val: statusOrCode };
    this.deliver({ tag: "replied", val: { call: asked.id, answer } });
  }
  /** The screen as plain text, one element a line. */
  drawing() {
    return draw(this.screen);
  }
  /** Throws unless the drawing has every one of `texts` in it. */
  shows(...texts) {
    for (const text of texts) if (!this.drawing().includes(text)) throw new Error(`\`${text}\` is not on the screen:\n${this.drawing()}`);
  }
  /** Throws if the drawing has one of `texts` in it. */
  showsNot(...texts) {
    for (const text of texts) if (this.drawing().includes(text)) throw new Error(`\`${text}\` is on the screen:\n${this.drawing()}`);
  }

  /** A customer's event on a node: arms the amount of the button acted on, or disarms. */
  send(id, event) {
    const { tag, val } = nodeToTap(this.screen, id).element;
    if (this.open !== null) throw new Error("a sheet is open; nothing behind it can be acted on");
    const armed = tag === "button" && this.surface === "page" && val.amount;
    this.armed = armed ? { ...val.amount, chain: this.position + 1 } : null;
    this.deliver(event);
  }
  closed(ticket, outcome, text = null) {
    this.deliver({ tag: "sheet-closed", val: { ticket, outcome, text } });
  }
  takeSheet() {
    const ticket = this.open ?? this.nothing();
    this.open = null;
    return ticket;
  }
  nothing() {
    throw new Error(`no sheet is open:\n${this.drawing()}`);
  }
  /** What the fields of a form hold once `values` are filled in. */
  filled(form, values) {
    const { nodes } = this.screen;
    const at = nodes.find((node) => node.id === form && node.element.tag === "form");
    if (!at) throw new Error(`no form \`${form}\`:\n${this.drawing()}`);
    const shown = {
      "text-field": (field) => [field.value],
      choice: (field) => field.selected,
      toggle: (field) => [String(field.on)],
      "date-field": (field) => [field.value].filter(Boolean),
      quantity: (field) => [String(field.value)],
    };
    const found = [];
    const walk = (index) => {
      const { id, element, children } = nodes[index];
      children.forEach(walk);
      if (shown[element.tag]) found.push([id, values[id] === undefined ? shown[element.tag](element.val) : [values[id]].flat().map(String)]);
    };
    at.children.forEach(walk);
    const stray = Object.keys(values).find((id) => !found.some(([known]) => known === id));
    if (stray) throw new Error(`the form \`${form}\` has no field \`${stray}\`:\n${this.drawing()}`);
    return found.flatMap(([id, held]) => held.map((value) => [id, value]));
  }
}
