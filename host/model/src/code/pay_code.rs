//! Payments without a program: what a merchant shows and a customer scans, and the other way round.

codes! {
    PAY_CODE_MALFORMED = "pay-code.malformed", Invalid, 422,
        "This is not a payment code.", "这不是付款码。";
        "Ask the customer to show the code again.", "请客户重新出示付款码。";
    PAY_CODE_FOREIGN = "pay-code.foreign", NotFound, 404,
        "This payment code is not of this bank.", "该付款码不属于本行。";
        "Take another way to be paid.", "请使用其他收款方式。";
    PAY_CODE_UNKNOWN = "pay-code.unknown", NotFound, 404,
        "This payment code is over or was never made.", "付款码已失效或不存在。";
        "Ask the customer to show a new code.", "请客户出示新的付款码。";
    PAY_CODE_USED = "pay-code.used", Conflict, 409,
        "This payment code was used already.", "付款码已被使用。";
        "Ask the customer to show a new code.", "请客户出示新的付款码。";
    PAY_CODE_NOT_CUSTOMER = "pay-code.not-customer", NotGranted, 403,
        "Only a customer with an account pays so.", "仅持有账户的客户可使用付款码。";
        "Sign in as the customer whose account pays.", "请以付款客户身份登录。";
    PAY_CODE_UNASKED = "pay-code.unasked", Invalid, 422,
        "So much can't be paid without being asked.", "免确认额度不符合要求。";
        "Choose an amount up to the bank's own limit, or none.", "请选择不超过银行上限的额度，或关闭。";
    PAY_CODE_TRIES = "pay-code.tries", Limited, 429,
        "Too many payment codes were wrong.", "付款码错误次数过多。";
        "Wait a minute, then scan the code once more.", "请稍后一分钟再扫描。";
    DIRECT_NOT_FOUND = "direct.not-found", NotFound, 404,
        "There is no such payment at this merchant.", "没有找到该商户的这笔付款。";
        "Choose one from the list.", "请从列表中选择。";
}
