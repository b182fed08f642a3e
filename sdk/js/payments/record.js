// A payment as the host tells it, for every interface that gives one.
import { lifted } from "../lift.js";

export const liftPayment = (payment) =>
  lifted(payment, { money: ["amount", "discount", "payable", "captured", "refunded"], numbers: ["updated"], absent: ["declineCode", "ticket"] });

/** Whether the customer has paid or the money is reserved. */
export const isConfirmed = (payment) => ["authorised", "partly-captured", "settled"].includes(payment.status);
/** Whether nothing will ever be paid on it. */
export const isDead = (payment) => ["declined", "cancelled", "expired"].includes(payment.status);
