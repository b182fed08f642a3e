//! Other rails: what they refuse, and instructions to them.

codes! {
    RAIL_STATE = "rail.state", Conflict, 409,
        "The instruction's present state doesn't allow this.", "该指令当前状态不允许此操作。";
        "Load the instruction again; the rail may have answered meanwhile.", "请重新读取该指令，对方系统可能已有答复。";
    RAIL_UNREACHABLE = "rail.unreachable", Unavailable, 503,
        "The other side could not be reached. Nothing was debited.", "无法连接到对方系统，没有扣款。";
        "Pay in another way, or try again later.", "请换一种方式付款，或稍后再试。";
    RAIL_REFUSED = "rail.refused", Conflict, 409,
        "The other side refused the payment. Nothing was debited.", "对方拒绝了这笔付款，没有扣款。";
        "Pay in another way, or ask whoever issued the card or keeps the account.", "请换一种方式付款，或联系发卡行、开户行。";
    RAIL_INSUFFICIENT_FUNDS = "rail.insufficient-funds", Conflict, 409,
        "There is not enough money on the card or account. Nothing was debited.", "卡或账户余额不足，没有扣款。";
        "Pay in another way, or with less.", "请换一种方式付款，或减少金额。";
    RAIL_CARD_EXPIRED = "rail.card-expired", Conflict, 409,
        "The card is past its date. Nothing was debited.", "银行卡已过有效期，没有扣款。";
        "Add the new card, or pay in another way.", "请添加新卡，或换一种方式付款。";
    RAIL_CARD_BLOCKED = "rail.card-blocked", Conflict, 409,
        "The card is blocked. Nothing was debited.", "银行卡已被停用，没有扣款。";
        "Pay in another way, and ask the bank that issued the card.", "请换一种方式付款，并联系发卡行。";
    RAIL_LIMIT = "rail.limit-exceeded", Conflict, 409,
        "The amount is over the limit of the card or account. Nothing was debited.", "金额超过卡或账户的限额，没有扣款。";
        "Pay in another way, or a smaller amount.", "请换一种方式付款，或减少金额。";
}
