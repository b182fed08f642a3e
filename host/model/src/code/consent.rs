//! Facts about customers: asked for, granted, withdrawn.

codes! {
    CLAIMS_UNKNOWN = "claims.unknown", Invalid, 422,
        "There is no such fact to ask for.", "没有这种可申请的信息。";
        "Ask for claims of the contract's list, each once.", "请申请协议所列的信息，每项一次。";
    CLAIMS_NONE = "claims.none", Invalid, 422,
        "Nothing is asked for.", "没有申请任何信息。";
        "Name at least one claim.", "请至少申请一项信息。";
    CLAIMS_PURPOSE = "claims.purpose", Invalid, 422,
        "The purpose can't be shown to the customer.", "用途说明无法展示给客户。";
        "Say in one plain sentence what the facts are for.", "请用一句简明的话说明用途。";
    CLAIMS_KEEP_DAYS = "claims.keep-days", Invalid, 422,
        "The facts can't be kept for that long, or for no time at all.", "信息的保留天数不符合规定。";
        "Ask for 1 to 365 days.", "请申请 1 至 365 天。";
    CLAIMS_MISSING = "claims.missing", NotFound, 404,
        "The bank does not have this fact about the customer.", "银行没有该客户的这项信息。";
        "Make it optional, or ask the customer in a form.", "请将其设为可选，或在表单中询问客户。";
    CONSENT_NOT_FOUND = "consent.not-found", NotFound, 404,
        "There is no such consent.", "没有找到该授权。";
        "Load the list again.", "请重新加载列表。";
    CONSENT_NOT_GIVEN = "consent.not-given", NotConsented, 403,
        "The customer has not agreed to this.", "客户尚未同意。";
        "Show the sheet, and go on without the facts where the customer declines.", "请展示授权页；客户拒绝时请在没有这些信息的情况下继续。";
    CONSENT_OVER = "consent.over", NotConsented, 403,
        "The consent was withdrawn or is over.", "该授权已撤回或已到期。";
        "Delete what you kept of it, and ask again where you still need it.", "请删除已保留的信息；如仍需要，请重新申请。";
    PRESENCE_PURPOSE = "presence.purpose", Invalid, 422,
        "The purpose can't be shown to the customer.", "用途说明无法展示给客户。";
        "Say in one plain sentence what the proof is for.", "请用一句简明的话说明验证的用途。";
    PROOF_KIND = "proof.kind", Invalid, 422,
        "There is no such question to ask.", "没有这种可验证的问题。";
        "Ask one of the contract's list.", "请使用协议所列的问题。";
    PROOF_VALUE = "proof.value", Invalid, 422,
        "The question does not make sense with this value.", "该问题的参数无效。";
        "Write the value as the contract says for this kind.", "请按协议对该类问题的规定填写参数。";
    LIMIT_PROOF_VALUES = "limit.proof-values", Limited, 429,
        "The program has asked about too many different values.", "该程序询问的不同取值过多。";
        "Ask about the thresholds that your rule has; 3 within a month are enough.", "请只询问业务规则所需的界限，每月最多 3 个。";
    AGREEMENT_PRODUCT = "agreement.product", Invalid, 422,
        "This can't be signed: it is no regulated product with terms and documents.", "该内容无法签约：它不是条款和文件齐备的受监管产品。";
        "Have head office complete the product's entry: risk, documents and terms.", "请总行补全产品条目的风险等级、文件和条款。";
    AGREEMENT_AMOUNT = "agreement.amount", Invalid, 422,
        "The amount is not one.", "金额无效。";
        "Give an amount above zero, or none.", "请给出大于零的金额，或不给金额。";
    AGREEMENT_KEY_REUSED = "agreement.key-reused", Conflict, 409,
        "The key stands for another agreement already.", "该编号已用于另一份协议。";
        "Take a new key for a new agreement.", "新协议请使用新编号。";
    AGREEMENT_NOT_FOUND = "agreement.not-found", NotFound, 404,
        "There is no such agreement.", "没有找到该协议。";
        "Load the list again.", "请重新加载列表。";
    AGREEMENT_NOT_PROPOSED = "agreement.not-proposed", Conflict, 409,
        "The agreement does not wait to be signed.", "该协议不处于待签署状态。";
        "Look at how it stands, or propose it anew.", "请查看其状态，或重新发起。";
    AGREEMENT_NOT_SIGNED = "agreement.not-signed", Conflict, 409,
        "The agreement was never signed.", "该协议从未签署。";
        "There is nothing to take back.", "无需撤回。";
    AGREEMENT_COOLED_OFF = "agreement.cooled-off", Conflict, 409,
        "The time to take it back is over.", "撤回期限已过。";
        "Ask the branch how it can be ended.", "请向网点咨询如何终止。";
    AGREEMENT_CHANGED = "agreement.changed", Conflict, 409,
        "The product or a document has a newer version.", "产品或文件已有新版本。";
        "Decline, and have the program propose it anew.", "请先拒绝，再由小程序重新发起。";
    AGREEMENT_UNOPENED = "agreement.unopened", Conflict, 409,
        "A document has not been opened yet.", "有文件尚未打开阅读。";
        "Open each document on the sheet, read it, then confirm.", "请逐一打开并阅读文件后再确认。";
    LIMIT_CONSENTS = "limit.consents", Limited, 429,
        "The program holds too many consents of this customer.", "该程序持有的客户授权过多。";
        "Use those that hold; 16 may.", "请使用仍有效的授权，最多 16 个。";
}
