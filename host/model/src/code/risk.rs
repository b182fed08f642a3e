//! Limits on spending, what is looked at before money moves, held payments, and disputes.

codes! {
    SPENDING_LIMIT = "spending.limit", Invalid, 422,
        "This can't be a limit.", "限额设置不符合要求。";
        "Say how much in a currency that the bank keeps, or how many times.", "请填写银行支持币种的金额，或次数。";
    SPENDING_CUSTOMER = "spending.customer", Limited, 409,
        "This would go past your limit for the period.", "此笔付款将超出您本周期的限额。";
        "Pay less, or wait until the next day, hour or month.", "请减少金额，或待下一周期再试。";
    SPENDING_OFTEN = "spending.often", Limited, 409,
        "You have paid too often in a short time.", "您短时间内付款次数过多。";
        "Wait for the next period and try again.", "请待下一周期再试。";
    SPENDING_PROGRAM = "spending.program", Limited, 409,
        "This mini program has taken as much as it may for now.", "该小程序收款已达本周期限额。";
        "Try again in the next period.", "请待下一周期再试。";
    SPENDING_MERCHANT = "spending.merchant", Limited, 409,
        "This merchant has taken as much as it may for now.", "该商户收款已达本周期限额。";
        "Try again in the next period.", "请待下一周期再试。";
    SPENDING_BRANCH = "spending.branch", Limited, 409,
        "Payments in this branch have reached their limit for now.", "本分行付款已达本周期限额。";
        "Try again in the next period.", "请待下一周期再试。";

    RULE_NOT_FOUND = "rule.not-found", NotFound, 404,
        "There is no such limit or rule.", "没有找到该限额或规则。";
        "Choose one from the list.", "请从列表中选择。";
    RULE_ID = "rule.id", Invalid, 422,
        "This can't be the name of a limit or rule.", "限额或规则的名称不符合要求。";
        "Use 1 to 32 of a-z, 0-9 and -, first a letter.", "请使用 1 至 32 个小写字母、数字或连字符，并以字母开头。";
    RULE_TOO_MANY = "rule.too-many", Limited, 422,
        "There are as many limits or rules as there may be.", "限额或规则数量已达上限。";
        "Change one that is there, or have one removed.", "请修改现有规则，或先删除一条。";

    RISK_RULE = "risk.rule", Invalid, 422,
        "This can't be a rule.", "规则设置不符合要求。";
        "Ask for proofs and holds of sales only, and let one or two people release.", "加强验证和暂缓仅适用于付款，放行人数为 1 或 2 人。";
    RISK_AMOUNT = "risk.amount", Limited, 403,
        "The bank looks closely at amounts like this.", "此金额需要银行核查。";
        "Ask the branch, or pay less.", "请咨询分行，或减少金额。";
    RISK_PAYEE = "risk.payee", Limited, 403,
        "The bank looks closely at payments to this payee.", "向该收款方付款需要银行核查。";
        "Ask the branch; the payment was not made, and nothing was charged.", "请咨询分行；该付款未完成，没有扣款。";
    RISK_HOURS = "risk.hours", Limited, 403,
        "The bank looks closely at payments at this hour.", "此时段的付款需要银行核查。";
        "Try again during the day, or ask the branch.", "请在白天重试，或咨询分行。";
    RISK_PATTERN = "risk.pattern", Limited, 403,
        "The bank looks closely at payments like this.", "此类付款需要银行核查。";
        "Ask the branch; the payment was not made, and nothing was charged.", "请咨询分行；该付款未完成，没有扣款。";
    RISK_BLOCKED = "risk.blocked", Limited, 403,
        "The bank does not make this payment.", "银行不受理此笔付款。";
        "Ask the branch; nothing was charged, and trying again changes nothing.", "请咨询分行；没有扣款，重试结果相同。";
    RISK_STEP_UP = "risk.step-up", NotGranted, 401,
        "Confirm with your passkey that it is you.", "请使用通行密钥确认是您本人。";
        "Confirm the sheet once more with your passkey.", "请使用通行密钥再次确认付款单。";
    RISK_DECLINED = "risk.declined", Conflict, 409,
        "The bank has looked at the payment and not made it.", "银行核查后未受理此笔付款。";
        "Nothing was charged. Ask the branch.", "没有扣款，请咨询分行。";

    HELD_NOT_FOUND = "held.not-found", NotFound, 404,
        "There is no such held payment.", "没有找到该暂缓付款。";
        "Choose one from the list.", "请从列表中选择。";
    HELD_STATE = "held.state", Conflict, 409,
        "This payment is held no more.", "该付款已不在暂缓状态。";
        "Load the list of held payments again: somebody has decided, or its time was over.", "请重新加载暂缓付款列表，可能已有人处理或已超时。";

    DISPUTE_NOT_FOUND = "dispute.not-found", NotFound, 404,
        "There is no such dispute.", "没有找到该争议。";
        "Choose one from the list.", "请从列表中选择。";
    DISPUTE_NOT_PAID = "dispute.not-paid", Conflict, 409,
        "Nothing of this payment can be disputed.", "该付款没有可争议的金额。";
        "Dispute payments that were made and not given back yet.", "请对已付款且未退回的金额提出争议。";
    DISPUTE_TOO_LATE = "dispute.too-late", Conflict, 409,
        "This payment was too long ago to be disputed.", "该付款已超过争议期限。";
        "Complain to head office instead.", "请改为向总行投诉。";
    DISPUTE_STATE = "dispute.state", Conflict, 409,
        "The dispute's present state doesn't allow this.", "该争议当前状态不允许此操作。";
        "Look at the dispute again.", "请重新查看该争议。";
    DISPUTE_REFUND = "dispute.refund", Invalid, 422,
        "This amount can't go back.", "退款金额不符合要求。";
        "Give back at least one minor unit and at most what is at stake.", "退款至少一个最小单位，且不得超过争议金额。";
    DISPUTE_NOT_CUSTOMER = "dispute.not-customer", NotGranted, 403,
        "Only the customer who paid can do this.", "仅限付款客户本人操作。";
        "Sign in as the customer.", "请以客户身份登录。";
}
