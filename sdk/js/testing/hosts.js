// The contract's interfaces, each answered from the bank in memory.

import * as agreements from "./hosts/agreements.js";
import * as content from "./hosts/content.js";
import * as coupons from "./hosts/coupons.js";
import * as identity from "./hosts/identity.js";
import * as mandates from "./hosts/mandates.js";
import * as money from "./hosts/money.js";
import * as payments from "./hosts/payments.js";
import * as reach from "./hosts/reach.js";
import * as sheets from "./hosts/sheets.js";
import * as services from "./hosts/services.js";

export const HOSTS = {
  "services/storage": services.storage,
  "services/shared-storage": services.shared,
  "services/counters": services.counters,
  "services/wakeups": services.wakeups,
  "services/config": services.config,
  "services/log": services.log,
  "services/partner": reach.partner,
  "services/notices": reach.notices,
  "services/relationship": reach.relationship,
  "services/scanner": sheets.scanner,
  "services/programs": sheets.programs,
  "services/locator": sheets.locator,
  "services/attachments": sheets.attachments,
  "services/printer": sheets.printer,
  "services/sharing": sheets.sharing,
  "identity/customer": identity.customer,
  "identity/claims": identity.claims,
  "identity/proofs": identity.proofs,
  "identity/presence": identity.presence,
  "identity/agreements": agreements.agreements,
  "identity/secure-fields": identity.secureFields,
  "payments/payments": payments.payments,
  "payments/merchant-payments": payments.merchantPayments,
  "payments/merchant-codes": payments.merchantCodes,
  "payments/mandates": mandates.mandates,
  "payments/coupons": coupons.coupons,
  "payments/payouts": money.payouts,
  "payments/red-envelopes": money.redEnvelopes,
  "content/library": content.library,
  "content/authoring": content.authoring,
  "content/feedback": content.feedback,
};

/** What a customer's agreement makes of the bank, by the kind of sheet; what it gives is the text of `sheet-closed`. */
export const AGREED = { ...agreements.AGREED, ...identity.AGREED, ...mandates.AGREED, ...money.AGREED, ...reach.AGREED, ...sheets.AGREED };
