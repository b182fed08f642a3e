//! Partners, their endpoints, and secure fields.

codes! {
    PARTNER_ENDPOINT_UNKNOWN = "partner.endpoint-unknown", NotFound, 404,
        "There is no such partner system of this program here.", "本机构没有为该小程序登记这个合作方系统。";
        "Name it in the manifest's egress, register it and have head office approve it.", "请在清单的 egress 中声明，登记后由总行审批。";
    PARTNER_ENDPOINT_WITHDRAWN = "partner.endpoint-withdrawn", Unavailable, 503,
        "The bank no longer works with this partner system.", "银行已停止使用该合作方系统。";
        "Ask head office why, and propose it again once that is mended.", "请向总行了解原因，整改后重新申请。";
    PARTNER_FIELD_NOT_REVIEWED = "partner.field-not-reviewed", NotGranted, 403,
        "This partner system may not receive this kind of value.", "该合作方系统未获准接收此类信息。";
        "Name the kind in the manifest and in the endpoint's terms, and have them reviewed.", "请在清单和合作方条款中声明该类型并提交审批。";
    PARTNER_METHOD = "partner.method", Invalid, 422,
        "This method can't be used.", "不支持该请求方法。";
        "Use GET, POST, PUT, PATCH or DELETE.", "请使用 GET、POST、PUT、PATCH 或 DELETE。";
    PARTNER_PATH = "partner.path", Invalid, 422,
        "The path can't be part of a web address.", "路径不符合网址要求。";
        "Begin with a slash, encode what is not plain, and don't climb with dots.", "路径须以斜杠开头，特殊字符须编码，且不得包含上级目录。";
    PARTNER_BODY = "partner.body", Invalid, 422,
        "The body doesn't fit the request.", "请求内容不符合要求。";
        "Send sealed fields in free places of a JSON object, and no body with GET or DELETE.", "安全字段须放在 JSON 对象的空位中；GET 和 DELETE 不带内容。";
    PARTNER_KEY = "partner.key", Invalid, 422,
        "The key of the call is empty or too long.", "调用的键为空或过长。";
        "Give each call a key of its own, of at most 256 bytes.", "请为每次调用提供不超过 256 字节的键。";
    PARTNER_KEY_CONFLICT = "partner.key-conflict", Conflict, 409,
        "Another call was made under this key.", "该键已用于其他调用。";
        "Use a new key for a new call.", "请为新的调用使用新的键。";
    PARTNER_CALL_STATE = "partner.call-state", Conflict, 409,
        "The call is past this.", "该调用已进入其他状态。";
        "Load the endpoint's newest calls and see how this one ended.", "请查看该接口的最新调用及其结果。";
    PARTNER_UNREACHABLE = "partner.unreachable", Unavailable, 503,
        "The partner's system could not be reached; it did not get the request.", "无法连接合作方系统，对方没有收到请求。";
        "Try again later under a new key.", "请稍后使用新的键重试。";
    PARTNER_OUTCOME_UNKNOWN = "partner.outcome-unknown", UnknownOutcome, 504,
        "The partner's system gave no answer; it may or may not have acted.", "合作方系统没有应答，结果暂时未知。";
        "Ask the partner what became of it before doing it again.", "请先向合作方核实结果，再决定是否重做。";
    PARTNER_ANSWER_REFUSED = "partner.answer-refused", UnknownOutcome, 502,
        "The partner's answer could not be accepted.", "合作方的应答不符合要求，未被接收。";
        "Answer with at most 64 KiB, uncompressed, and without redirects to elsewhere.", "应答不得超过 64 KiB，不压缩，也不得重定向到其他地址。";
    PARTNER_PLACE_REFUSED = "partner.place-refused", Unavailable, 502,
        "The partner's address is not one that may be asked.", "合作方的地址不允许访问。";
        "Use a public address with a valid certificate, or have the operator name an exception.", "请使用公网地址和有效证书，或由运维配置例外。";

    ENDPOINT_NOT_FOUND = "endpoint.not-found", NotFound, 404,
        "There is no such endpoint.", "没有找到该合作方接口。";
        "Look at the list of endpoints.", "请查看合作方接口列表。";
    ENDPOINT_TERMS = "endpoint.terms", Invalid, 422,
        "The terms of the endpoint are incomplete.", "合作方接口的条款不完整。";
        "Give an absolute https address, a purpose and the kinds of secure fields.", "请填写完整的 https 地址、用途和安全字段类型。";
    ENDPOINT_PLACE = "endpoint.place", Invalid, 422,
        "This address may not be asked from here.", "该地址不允许从本系统访问。";
        "Use a public https address, or have the operator name an exception.", "请使用公网 https 地址，或由运维配置例外。";
    ENDPOINT_STATE = "endpoint.state", Conflict, 409,
        "The endpoint is not in a state for this.", "该合作方接口当前状态不支持此操作。";
        "Load the page again and look at its state.", "请刷新页面查看当前状态。";
    ENDPOINT_TERMS_DIFFER = "endpoint.terms-differ", Conflict, 409,
        "The terms have changed since you saw them.", "条款在您查看之后已经更改。";
        "Load the page again and decide on what it says now.", "请刷新页面，按最新条款作出决定。";
    ENDPOINT_OWN_WORK = "endpoint.own-work", NotGranted, 403,
        "Nobody decides on their own proposal.", "不能审批自己提交的申请。";
        "Have two other people decide.", "请由另外两人审批。";
    ENDPOINT_SAME_PERSON = "endpoint.same-person", Conflict, 409,
        "You have approved this already.", "您已审批过该申请。";
        "A second person must approve.", "须由另一人审批。";
    ENDPOINT_NOTE_MISSING = "endpoint.note-missing", Invalid, 422,
        "A reason is missing.", "缺少原因说明。";
        "Say why, for whoever proposed it.", "请写明原因，供申请人参考。";
    ENDPOINT_TOO_MANY = "endpoint.too-many", Limited, 422,
        "The program has too many endpoints.", "该小程序登记的合作方接口过多。";
        "Withdraw one that is no longer used.", "请先停用不再使用的接口。";

    WEBHOOK_REFUSED = "webhook.refused", NotGranted, 401,
        "The message was not accepted.", "消息未被接受。";
        "Check the address, the secret, the signature's headers and your clock.", "请检查地址、密钥、签名头和系统时钟。";
    WEBHOOK_MALFORMED = "webhook.malformed", Invalid, 422,
        "The message can't be read.", "无法读取该消息。";
        "Send a JSON object with a type, and a call where it concerns one.", "请发送含 type 的 JSON 对象；涉及某次调用时附上 call。";
    WEBHOOK_ID_REUSED = "webhook.id-reused", Conflict, 409,
        "Another message was sent under this id.", "该消息编号已用于其他消息。";
        "Give each message an id of its own.", "请为每条消息使用独立的编号。";
    WEBHOOK_LATER = "webhook.later", Unavailable, 503,
        "Messages can't be taken at the moment.", "暂时无法接收消息。";
        "Send it again later under the same id.", "请稍后用相同编号重发。";

    SECURE_VALUE_EMPTY = "secure-field.value-empty", Invalid, 422,
        "Nothing was entered.", "尚未填写内容。";
        "Enter the value and try again.", "请填写后重试。";
    SECURE_VALUE_INVALID = "secure-field.value-invalid", Invalid, 422,
        "This can't be right.", "填写的内容有误。";
        "Compare it with the card or the message, digit by digit.", "请对照卡片或短信逐位核对。";
    SECURE_KIND_UNKNOWN = "secure-field.kind-unknown", Invalid, 422,
        "There is no such kind of secure field.", "没有这种安全字段类型。";
        "Use card-number, identity-number or one-time-code.", "请使用 card-number、identity-number 或 one-time-code。";
    SECURE_PURPOSE = "secure-field.purpose", Invalid, 422,
        "The purpose of the field is missing or too long.", "字段用途缺失或过长。";
        "Say in a sentence what the value is for.", "请用一句话说明用途。";
    SECURE_FIELD_NOT_FOUND = "secure-field.not-found", NotFound, 404,
        "There is no such field here.", "没有找到该字段。";
        "Look at the current page.", "请查看当前页面。";
    SECURE_FIELD_EMPTY = "secure-field.empty", Conflict, 409,
        "The customer has not filled in this field yet.", "客户尚未填写该字段。";
        "Show the field and wait for the customer.", "请显示该字段并等待客户填写。";
    SECURE_FIELD_TAKEN = "secure-field.taken", Conflict, 409,
        "This value was used already.", "该内容已被使用。";
        "Prepare a new field and ask again.", "请重新准备字段并请客户再次填写。";
    SECURE_FIELD_OVER = "secure-field.over", Conflict, 409,
        "The time of this field is over; its value was destroyed.", "该字段已过期，内容已销毁。";
        "Prepare a new field and ask again.", "请重新准备字段并请客户再次填写。";
}
