"""The contract's interfaces, each answered from the bank in memory."""

from . import agreements, content, coupons, gifts, identity, mandates, payments, reach, services, sheets

HOSTS = {
    "storage": services.Storage,
    "shared_storage": services.Shared,
    "counters": services.Counters,
    "wakeups": services.Wakeups,
    "config": services.Config,
    "log": services.Log,
    "partner": reach.Partner,
    "notices": reach.Notices,
    "relationship": reach.Relationship,
    "scanner": sheets.Scanner,
    "programs": sheets.Programs,
    "locator": sheets.Locator,
    "attachments": sheets.Attachments,
    "printer": sheets.Printer,
    "sharing": sheets.Sharing,
    "customer": identity.Customer,
    "claims": identity.Claims,
    "proofs": identity.Proofs,
    "presence": identity.Presence,
    "secure_fields": identity.SecureFields,
    "agreements": agreements.Agreements,
    "payments": payments.Payments,
    "merchant_payments": payments.MerchantPayments,
    "merchant_codes": payments.MerchantCodes,
    "mandates": mandates.Mandates,
    "coupons": coupons.Coupons,
    "payouts": gifts.Payouts,
    "red_envelopes": gifts.RedEnvelopes,
    "library": content.Library,
    "authoring": content.Authoring,
    "feedback": content.Feedback,
}

#: What a customer's agreement makes of the bank, by the kind of sheet; what it gives is the text of `SheetClosed`.
AGREED = {**agreements.AGREED, **identity.AGREED, **mandates.AGREED, **gifts.AGREED, **reach.AGREED, **sheets.AGREED}
