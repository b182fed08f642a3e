//! Payments, the ledger and merchant codes.

codes! {
    PAYMENT_NOT_FOUND = "payment.not-found", NotFound, 404,
        "There is no such payment here.", "没有找到这笔付款。";
        "Name a payment of this program and customer.", "请使用本程序及本客户的付款编号。";
    PAYMENT_KEY_DIFFERS = "payment.key-differs", Conflict, 409,
        "This order number already belongs to another order.", "该订单号已用于内容不同的订单。";
        "Send the same order again, or use a new order number.", "请重新提交相同订单，或使用新的订单号。";
    PAYMENT_KEY_INVALID = "payment.key-invalid", Invalid, 422,
        "The order number is empty or has characters that can't be shown.", "订单号为空或含有不可显示的字符。";
        "Use 1 to 256 bytes of plain text.", "请使用 1 至 256 字节的普通文本。";
    PAYMENT_AMOUNT_NOT_POSITIVE = "payment.amount-not-positive", Invalid, 422,
        "The amount must be above zero.", "金额必须大于零。";
        "Ask for at least one minor unit, such as one fen.", "请至少使用一个最小货币单位，例如一分。";
    PAYMENT_AMOUNT_RANGE = "payment.amount-range", Invalid, 422,
        "The amount is too large.", "金额过大。";
        "Stay below 2^53 minor units.", "请保持在 2^53 个最小货币单位以内。";
    PAYMENT_PURPOSE_INVALID = "payment.purpose-invalid", Invalid, 422,
        "The purpose is empty or too long.", "付款用途为空或过长。";
        "Say in a few words what is paid for.", "请用简短文字说明付款用途。";
    PAYMENT_TEXT_INVALID = "payment.text-invalid", Invalid, 422,
        "A text of the order is too long or has control characters.", "订单中的文字过长或含有控制字符。";
        "Use plain text of at most 256 bytes.", "请使用不超过 256 字节的普通文本。";
    PAYMENT_LINE_INVALID = "payment.line-invalid", Invalid, 422,
        "A line of the order has no quantity or a wrong amount.", "订单明细的数量或金额有误。";
        "Give each line a quantity of at least 1 and an amount in the order's currency.", "每行数量至少为 1，金额币种须与订单一致。";
    PAYMENT_SPLITS_SUM = "payment.splits-sum", Invalid, 422,
        "The shares don't sum to the amount.", "分账金额之和与订单金额不等。";
        "Make the shares sum to the amount exactly.", "请使各分账金额之和等于订单金额。";
    PAYMENT_SPLIT_NOT_POSITIVE = "payment.split-not-positive", Invalid, 422,
        "A share is not above zero.", "有一份分账金额不大于零。";
        "Leave out payees who get nothing.", "请去掉金额为零的收款方。";
    PAYMENT_CURRENCY_DIFFERS = "payment.currency-differs", Invalid, 422,
        "The order mixes currencies.", "订单中混用了不同币种。";
        "Use one currency for amount, lines and shares.", "金额、明细和分账请使用同一币种。";
    PAYMENT_CURRENCY_UNKNOWN = "payment.currency-unknown", Invalid, 422,
        "The bank keeps no accounts in this currency.", "银行未开设该币种账户。";
        "Use a currency of ISO 4217 that the bank keeps, such as CNY.", "请使用银行支持的 ISO 4217 币种，例如 CNY。";
    PAYMENT_PAYEE_NOT_GRANTED = "payment.payee-not-granted", NotGranted, 403,
        "This program may not pay that payee.", "本程序未获准向该收款方付款。";
        "Name the payee in the manifest and have it reviewed.", "请在清单中声明该收款方并提交审核。";
    PAYMENT_PAYEE_UNKNOWN = "payment.payee-unknown", NotFound, 404,
        "The payee is not in the bank's register.", "收款方不在银行登记中。";
        "Have head office register the payee.", "请联系总行登记该收款方。";
    PAYMENT_NO_MERCHANT = "payment.no-merchant", Invalid, 422,
        "This program has no merchant account of its own.", "本程序没有自己的商户账户。";
        "Name a merchant in the manifest, or give the order shares.", "请在清单中填写商户，或在订单中指定分账。";
    PAYMENT_COUPON_NOT_FOUND = "payment.coupon-not-found", NotFound, 404,
        "There is no such coupon for this order.", "没有可用于该订单的优惠券。";
        "Order without it, or choose another coupon.", "请不使用该券，或选择其他优惠券。";
    PAYMENT_EXPIRY_INVALID = "payment.expiry-invalid", Invalid, 422,
        "The order's time to be paid is out of range.", "订单的付款时限超出范围。";
        "Use 1 second to 7 days.", "请设置 1 秒至 7 天。";
    PAYMENT_NO_CUSTOMER = "payment.no-customer", NotGranted, 403,
        "There is no customer who could pay here.", "此处没有可付款的客户。";
        "Request payments in a customer's session.", "请在客户会话中发起付款。";
    PAYMENT_NOT_MERCHANT = "payment.not-merchant", NotGranted, 403,
        "Only the merchant's own people may do this.", "仅限商户工作人员操作。";
        "Do it in a staff or background session.", "请在员工会话或后台会话中操作。";
    PAYMENT_STATUS = "payment.status", Conflict, 409,
        "The payment's present state doesn't allow this.", "该付款当前状态不允许此操作。";
        "Read the payment again and decide by its status.", "请重新读取付款状态后再决定。";
    PAYMENT_ON_ITS_WAY = "payment.on-its-way", Conflict, 409,
        "The bank waits for another system to say what became of this payment.", "银行正在等待其他系统确认这笔付款的结果。";
        "Wait until it changes, then decide.", "请等待状态变化后再操作。";
    PAYMENT_EXPIRED = "payment.expired", Conflict, 409,
        "The time to pay is over; nothing was paid.", "付款已超时，没有扣款。";
        "Order again if you still want it.", "如仍需要，请重新下单。";
    PAYMENT_CAPTURE_EXCEEDS = "payment.capture-exceeds", Invalid, 422,
        "More would be captured than was authorised.", "请款金额超过已授权金额。";
        "Capture at most what is still held.", "请款不能超过剩余的授权金额。";
    PAYMENT_REFUND_EXCEEDS = "payment.refund-exceeds", Invalid, 422,
        "More would be refunded than was paid.", "退款金额超过已付金额。";
        "Refund at most what was captured and not yet refunded.", "退款不能超过已付且未退的金额。";
    PAYMENT_REFUND_UNFUNDED = "payment.refund-unfunded", Conflict, 409,
        "The merchant has no money for this refund, and may not owe more.", "商户余额不足以退款，且已达垫付上限。";
        "Refund after the next sales, or less, or ask the bank for a higher advance in the merchant's contract.", "请在下一笔收款后再退、减少金额，或请银行在商户合同中提高垫付上限。";
    PAYMENT_OPERATION_DIFFERS = "payment.operation-differs", Conflict, 409,
        "This key was already used for another operation on the payment.", "该操作键已用于此付款的另一操作。";
        "Use a new key for a new operation.", "新的操作请使用新的操作键。";
    PAYMENT_PRACTICE = "payment.practice", Conflict, 409,
        "This is practice; no money moves.", "当前为练习模式，不会产生资金往来。";
        "Leave practice to pay for real.", "如需真实付款，请退出练习模式。";
    PAYMENT_REASON_INVALID = "payment.reason-invalid", Invalid, 422,
        "A refund needs a short reason.", "退款需要简短的原因。";
        "Say in a few words why the money goes back.", "请用几个字说明退款原因。";
    PAYMENT_NO_RECEIPT = "payment.no-receipt", Conflict, 409,
        "There is no signed receipt of this payment.", "该付款没有可下载的签名凭证。";
        "Payments that an older release wrote have none: the page shows what was booked.", "旧版本记录的付款没有签名凭证，请在页面查看记账明细。";

    MANDATE_NOT_FOUND = "mandate.not-found", NotFound, 404,
        "There is no such mandate here.", "没有找到该代扣授权。";
        "Name a mandate of this program and customer.", "请使用本程序及本客户的代扣授权编号。";
    MANDATE_TERMS_INVALID = "mandate.terms-invalid", Invalid, 422,
        "The mandate's terms don't fit together.", "代扣授权条款有误。";
        "Give a purpose, positive caps of one currency with each at most the period's, a period, and an end ahead.", "请填写用途、同币种且大于零的限额（单笔不超过周期限额）、周期和未来的到期时间。";
    MANDATE_KEY_DIFFERS = "mandate.key-differs", Conflict, 409,
        "This key already belongs to another mandate.", "该键已用于条款不同的代扣授权。";
        "Propose the same terms again, or use a new key.", "请使用相同条款，或使用新的键。";
    MANDATE_NOT_ACTIVE = "mandate.not-active", Conflict, 409,
        "The mandate can't be charged now.", "该代扣授权当前不可扣款。";
        "Read its status: the customer has not agreed, has paused or ended it, or its time is over.", "请查看其状态：客户尚未同意、已暂停或终止，或已到期。";
    MANDATE_STATUS = "mandate.status", Conflict, 409,
        "The mandate's present state doesn't allow this.", "该代扣授权当前状态不允许此操作。";
        "Read the mandate again and decide by its status.", "请重新读取代扣授权状态后再决定。";
    MANDATE_EACH_EXCEEDED = "mandate.each-exceeded", Limited, 409,
        "This is more than one charge may take.", "超过单笔代扣限额。";
        "Charge at most what the terms say for each.", "单笔扣款不能超过条款限额。";
    MANDATE_PERIOD_EXCEEDED = "mandate.period-exceeded", Limited, 409,
        "This would go past the mandate's cap of the period.", "将超出本周期代扣限额。";
        "Charge less, or wait for the next period.", "请减少金额，或等待下一周期。";
    MANDATE_TOO_MANY = "mandate.too-many", Limited, 409,
        "Too many mandates are open with this program.", "与本程序的代扣授权过多。";
        "End one that is not needed any more.", "请先终止不再需要的代扣授权。";

    CAMPAIGN_NOT_FOUND = "campaign.not-found", NotFound, 404,
        "There is no such campaign here.", "没有找到该活动。";
        "Name a campaign that is open in this program and branch.", "请使用在本程序及本网点开放的活动。";
    CAMPAIGN_INVALID = "campaign.invalid", Invalid, 422,
        "The campaign doesn't make sense as it is.", "活动内容有误。";
        "The detail says what: title, currency, worth, percent, price, who, window, funders, shares or caps.", "详情说明了问题所在：标题、币种、优惠、比例、价格、对象、时间、出资方、份额或上限。";
    CAMPAIGN_EXISTS = "campaign.exists", Conflict, 409,
        "This id already belongs to another campaign.", "该编号已用于其他活动。";
        "Choose another id; that of an older campaign is not used again.", "请使用其他编号，旧活动的编号不再启用。";
    CAMPAIGN_STATE = "campaign.state", Conflict, 409,
        "The campaign's present state doesn't allow this.", "该活动当前状态不允许此操作。";
        "Look at the campaign again.", "请重新查看该活动。";
    CAMPAIGN_NO_FUNDER = "campaign.no-funder", NotFound, 404,
        "This is not one of the campaign's funders.", "该方不是此活动的出资方。";
        "Accept for a funder that the campaign names.", "请为活动列出的出资方确认。";
    CAMPAIGN_SAME_PERSON = "campaign.same-person", NotGranted, 403,
        "The same person can't propose and accept, nor accept twice.", "提出人不能自行确认，同一人也不能重复确认。";
        "Have somebody else accept.", "请由他人确认。";
    CAMPAIGN_NOT_OPEN = "campaign.not-open", Conflict, 409,
        "The campaign gives out nothing now.", "该活动当前未开放领取。";
        "Look at its dates, or choose another one.", "请查看活动时间，或选择其他活动。";
    CAMPAIGN_BY_CODE = "campaign.by-code", Conflict, 409,
        "This campaign's coupons need a one-time code, or take none.", "该活动需凭兑换码领取，或不使用兑换码。";
        "Redeem a code, or claim without one.", "请使用兑换码，或直接领取。";
    CAMPAIGN_LEVEL = "campaign.level", NotGranted, 403,
        "The bank must know the customer better for this.", "您的身份等级暂不符合该活动要求。";
        "Sign in, or have your identity checked.", "请登录或完成身份核验。";
    CAMPAIGN_BUDGET = "campaign.budget", Limited, 409,
        "The campaign's budget is used up.", "活动名额已用完。";
        "Choose another campaign; this one gives out nothing more.", "请选择其他活动，该活动的预算已用完。";
    CAMPAIGN_EACH_CUSTOMER = "campaign.each-customer", Limited, 409,
        "The customer has had all coupons of this campaign that they may have.", "您已达到该活动的领取上限。";
        "Use the coupons that are there.", "请使用已领取的优惠券。";
    CAMPAIGN_CODES = "campaign.codes", Limited, 422,
        "The number of one-time codes is out of range.", "兑换码数量超出范围。";
        "Make 1 to 1,000 at once, 100,000 in all.", "每次 1 至 1000 个，总数不超过 100000 个。";
    COUPON_NOT_FOUND = "coupon.not-found", NotFound, 404,
        "There is no such coupon here.", "没有找到该优惠券。";
        "Name a coupon of this customer that counts in this program.", "请使用该客户在本程序可用的优惠券。";
    COUPON_KEY_DIFFERS = "coupon.key-differs", Conflict, 409,
        "This key already belongs to a coupon of another campaign or code.", "该键已用于其他活动或兑换码的优惠券。";
        "Use a new key for a new coupon.", "新的优惠券请使用新的键。";
    COUPON_NOT_USABLE = "coupon.not-usable", Conflict, 409,
        "The coupon can't be used now.", "该优惠券当前不可使用。";
        "It is used, over, or bound to another open payment.", "该券已使用、已过期，或已被其他未完成的付款占用。";
    COUPON_MINIMUM = "coupon.minimum", Invalid, 422,
        "The amount is below the coupon's minimum.", "金额未达到该券的使用门槛。";
        "Order more, or leave the coupon out.", "请增加消费金额，或不使用该券。";
    COUPON_COMBINED = "coupon.combined", Invalid, 422,
        "These coupons can't be used together.", "这些优惠券不能同时使用。";
        "Use at most 5 coupons, one of each campaign.", "最多使用 5 张，且每个活动限一张。";
    COUPON_NO_USE = "coupon.no-use", Invalid, 422,
        "The coupon would take nothing off.", "该优惠券无可抵扣金额。";
        "Leave the coupon out.", "请不使用该券。";
    COUPON_CODE_WRONG = "coupon.code-wrong", NotFound, 404,
        "This is no code that is good here.", "兑换码无效。";
        "Look at the code again; each is good once.", "请核对兑换码，每个兑换码仅可使用一次。";
    COUPON_CODE_TRIES = "coupon.code-tries", Limited, 429,
        "Too many codes were tried today.", "今日尝试次数过多。";
        "Try again tomorrow; ten tries a day are allowed.", "请明天再试，每天最多十次。";

    PAYOUT_NO_CUSTOMER = "payout.no-customer", NotFound, 404,
        "There is no such customer of this program.", "本程序没有该客户。";
        "Name a customer by the subject that this program knows.", "请使用本程序已知的客户标识。";
    PAYOUT_BUDGET = "payout.budget", Limited, 409,
        "The program's budget in this branch doesn't cover this.", "本程序在该网点的预算不足。";
        "Have the budget filled, or pay less.", "请补充预算或减少金额。";
    PAYOUT_KEY_DIFFERS = "payout.key-differs", Conflict, 409,
        "This key already belongs to another payout.", "该键已用于其他付款。";
        "Send the same payout again, or use a new key.", "请重新提交相同内容，或使用新的键。";
    BUDGET_FUNDER = "budget.funder", NotGranted, 403,
        "This money is not yours to put in or take out.", "您无权调拨该资金。";
        "Name the program's own merchant or your branch.", "请使用本程序的商户或您所在的网点。";
    ENVELOPE_NOT_FOUND = "envelope.not-found", NotFound, 404,
        "There is no such envelope here.", "没有找到该红包。";
        "Name an envelope that was given in this program.", "请使用本程序内发出的红包编号。";
    ENVELOPE_INVALID = "envelope.invalid", Invalid, 422,
        "The envelope doesn't make sense as it is.", "红包内容有误。";
        "Give 1 to 100 shares of at least one minor unit each, for 5 seconds to 7 days.", "份数为 1 至 100，每份至少一个最小货币单位，有效期 5 秒至 7 天。";
    ENVELOPE_CARRIED = "envelope.carried", Unavailable, 503,
        "Red envelopes can't be given in this currency: the bank's core keeps these accounts.", "该币种的账户由核心系统管理，暂不能发红包。";
        "Pay the customer out instead, or give in a currency whose accounts are kept here.", "请改用付款给客户，或使用由本行账本管理的币种。";
    ENVELOPE_KEY_DIFFERS = "envelope.key-differs", Conflict, 409,
        "This key already belongs to another envelope.", "该键已用于其他红包。";
        "Give the same envelope again, or use a new key.", "请重新提交相同内容，或使用新的键。";
    ENVELOPE_NOT_OPEN = "envelope.not-open", Conflict, 409,
        "The envelope can't be opened now.", "该红包当前不可领取。";
        "It was not paid for, or its time is over.", "红包尚未支付或已过期。";
    ENVELOPE_EMPTY = "envelope.empty", Limited, 409,
        "All shares of the envelope are taken.", "红包已领完。";
        "Nothing can be taken any more; what is left of others goes back to them.", "已无可领取的份额，未领取的会退回给发送人。";

    LEDGER_INSUFFICIENT_FUNDS = "ledger.insufficient-funds", Conflict, 409,
        "There is not enough money in the account.", "账户余额不足。";
        "Add money or choose another way to pay.", "请充值或更换付款方式。";
    LEDGER_CEILING_REACHED = "ledger.ceiling-reached", Conflict, 409,
        "This would go past a limit.", "此操作将超出限额。";
        "Use a smaller amount, or wait until the limit's period is over.", "请减少金额，或等待限额周期结束后再试。";
    LEDGER_REFUSED = "ledger.refused", Conflict, 409,
        "The books don't allow this movement.", "账务规则不允许此笔记账。";
        "Look at the payment's present state.", "请查看该付款的当前状态。";

    COUNTER_BOUNDS = "counter.bounds", Conflict, 409,
        "The number would leave its bounds.", "数值将超出允许范围。";
        "Read the counter and tell the customer, for example that it is sold out.", "请读取计数并告知客户，例如已售完。";
    COUNTER_BOUNDS_INVALID = "counter.bounds-invalid", Invalid, 422,
        "The lower bound is above the upper one.", "下限大于上限。";
        "Give at-least a value that is not above at-most.", "请使下限不大于上限。";
    STORAGE_CONFLICT = "storage.conflict", Conflict, 409,
        "Somebody else has changed this value.", "该数据已被其他操作修改。";
        "Read the value again and swap from its new version.", "请重新读取后按新版本写入。";
    STORAGE_KEY_INVALID = "storage.key-invalid", Invalid, 422,
        "The key is empty or has control characters.", "键为空或含有控制字符。";
        "Use plain text of 1 to 256 bytes, without control characters.", "请使用 1 至 256 字节、不含控制字符的普通文本。";
    STORAGE_NO_CUSTOMER = "storage.no-customer", NotGranted, 403,
        "There is no customer here whose values could be kept.", "此处没有可存储数据的客户。";
        "Use shared-storage in a background session.", "后台会话请使用共享存储。";
    STORAGE_CURSOR_INVALID = "storage.cursor-invalid", Invalid, 422,
        "The cursor was not made by this list.", "该游标不属于此列表。";
        "Start without a cursor and pass on what the last page gave.", "请从头开始，并使用上一页返回的游标。";

    MERCHANT_CODE_MALFORMED = "merchant-code.malformed", Invalid, 422,
        "This is not a merchant code.", "这不是商户收款码。";
        "Scan the code again in good light.", "请在光线充足处重新扫描。";
    MERCHANT_CODE_TOO_LONG = "merchant-code.too-long", Invalid, 422,
        "This doesn't fit into a merchant code.", "内容超出收款码长度。";
        "Use shorter names and references.", "请缩短名称或参考号。";
    MERCHANT_CODE_CHECKSUM = "merchant-code.checksum", Invalid, 422,
        "The merchant code is damaged.", "商户收款码已损坏。";
        "Scan the code again or ask for a new one.", "请重新扫描或更换收款码。";
    MERCHANT_CODE_FOREIGN = "merchant-code.foreign", NotFound, 404,
        "This merchant code is not of this bank.", "该收款码不属于本行。";
        "Pay it with the app that it belongs to.", "请使用对应的应用付款。";
    MERCHANT_CODE_NO_MERCHANT = "merchant-code.no-merchant", Invalid, 422,
        "This program has no merchant for a code.", "本程序没有可用于收款码的商户。";
        "Name a merchant in the manifest.", "请在清单中填写商户。";
    MERCHANT_CODE_REFERENCE_INVALID = "merchant-code.reference-invalid", Invalid, 422,
        "The reference doesn't fit into a merchant code.", "参考号不符合收款码要求。";
        "Use 1 to 25 plain ASCII characters.", "请使用 1 至 25 个普通 ASCII 字符。";
    MERCHANT_CODE_AMOUNT_INVALID = "merchant-code.amount-invalid", Invalid, 422,
        "The amount doesn't fit into a merchant code.", "金额不符合收款码要求。";
        "Use a positive amount of at most 13 characters.", "请使用不超过 13 个字符的正数金额。";

    WAKEUP_TOO_FAR = "wakeup.too-far", Invalid, 422,
        "The wake-up lies more than a year ahead.", "唤醒时间超过一年。";
        "Set a nearer wake-up and renew it then.", "请设置更近的时间，到时再续。";
}
