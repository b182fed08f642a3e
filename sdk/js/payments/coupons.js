// Discounts whose cost is shared by merchant, branch and head office.
import host from "xitai:payments/coupons@1.0.0";
import { lifted } from "../lift.js";
import { liftMoney, lowerMoney } from "../money.js";

const liftOffer = (offer) => lifted(offer, { money: ["worth", "minimumSpend", "price"], numbers: ["until"], absent: ["basisPoints"] });
const liftCoupon = (coupon) => lifted(coupon, { money: ["worth", "minimumSpend"], numbers: ["expires"], absent: ["basisPoints", "ticket"] });

export const offers = () => host.offers().map(liftOffer);
export const eligible = () => host.eligible().map(liftCoupon);
export function price(amount, ids) {
  const quote = lifted(host.price(lowerMoney(amount), ids), { money: ["discount", "payable"] });
  return { ...quote, fundedBy: quote.fundedBy.map(([funder, money]) => [funder, liftMoney(money)]) };
}
export const claim = (campaign, key) => liftCoupon(host.claim(campaign, key));
export const redeemCode = (code, key) => liftCoupon(host.redeemCode(code, key));
