//! What is paid with, and other banks' cards.

codes! {
    TENDER_UNKNOWN = "tender.unknown", NotFound, 404,
        "This can't be paid with here.", "此处不支持该付款方式。";
        "Choose one of those that the sheet offers.", "请选择付款单上提供的方式。";
    TENDER_CASH_SPLITS = "tender.cash-splits", Conflict, 409,
        "An order with shares can't be paid in cash: the bank can't divide what it doesn't see.", "含分账的订单不能用现金支付，银行无法分配未经手的款项。";
        "Pay from the account or by card.", "请使用账户或银行卡付款。";
    TENDER_CASH_COUPONS = "tender.cash-coupons", Conflict, 409,
        "An order with coupons can't be paid in cash: the funders' part would have to go over the bank.", "使用优惠券的订单不能用现金支付，优惠部分须经银行划付。";
        "Pay from the account or by card, or order without coupons.", "请使用账户或银行卡付款，或不使用优惠券下单。";
    TENDER_CASH_LATER = "tender.cash-later", Conflict, 409,
        "What is charged later can't be paid in cash: there is nothing to reserve.", "延后收款的订单不能用现金支付，现金无法预留。";
        "Pay from the account or by card; cash is for what is paid at once.", "请使用账户或银行卡付款，现金只适用于即时付款。";
    TENDER_CASH_NOT_TAKEN = "tender.cash-not-taken", Conflict, 409,
        "This merchant takes no cash.", "该商户不收现金。";
        "Pay from the account or by card.", "请使用账户或银行卡付款。";
    CASH_NOT_FOUND = "cash.not-found", NotFound, 404,
        "There is no such cash to be counted.", "没有找到这笔待收现金。";
        "Look at the list again.", "请重新查看列表。";
    CASH_FEE_UNFUNDED = "cash.fee-unfunded", Conflict, 409,
        "The merchant has no money here for the fee, and may not owe more.", "商户账户余额不足以支付手续费，且已达垫付上限。";
        "Count it after the next sales, or ask the bank for a higher advance in the merchant's contract.", "请在下一笔收款后再确认，或请银行在商户合同中提高垫付上限。";
    CARD_NOT_FOUND = "card.not-found", NotFound, 404,
        "There is no such card.", "没有找到这张银行卡。";
        "Look at your cards again.", "请重新查看您的银行卡。";
    CARD_NOT_BOUND = "card.not-bound", Conflict, 409,
        "The card was not added.", "银行卡未能添加。";
        "Begin again at your cards.", "请在“我的银行卡”重新添加。";
    CARD_STATE = "card.state", Conflict, 409,
        "Adding this card took too long, or was begun elsewhere.", "添加银行卡超时，或并非从此处发起。";
        "Begin again at your cards.", "请在“我的银行卡”重新添加。";
    CARD_NO_RAIL = "card.no-rail", NotFound, 404,
        "Other banks' cards can't be used at this bank.", "本行暂不支持他行卡付款。";
        "Pay from the account, or in cash where the merchant takes it.", "请使用账户付款，或在商户接受时使用现金。";
    CARD_IN_USE = "card.in-use", Conflict, 409,
        "A payment by this card is not over yet.", "有一笔用此卡的付款尚未完结。";
        "Take the card off once the payment is over.", "请在付款完结后再移除。";
    CARD_TOO_MANY = "card.too-many", Limited, 409,
        "You have as many cards as can be kept.", "您添加的银行卡已达上限。";
        "Take one off first.", "请先移除一张。";
}
