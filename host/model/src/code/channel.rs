//! Kiosks, chats, and going on from one to another.

codes! {
    HANDOVER_CODE = "handover.code", NotFound, 404,
        "This code is wrong, was used, or is over.", "代码不正确、已使用或已过期。";
        "Make a new code where you were, and type it within two minutes.", "请在原设备上重新获取代码，并在两分钟内输入。";
    HANDOVER_TRIES = "handover.tries", Limited, 429,
        "Too many codes were wrong.", "代码错误次数过多。";
        "Wait a minute, then make a new code.", "请一分钟后重新获取代码。";
    HANDOVER_MANY = "handover.many", Limited, 429,
        "You made many codes just now.", "获取代码过于频繁。";
        "Use the one that you have, or wait a minute.", "请使用已有代码，或一分钟后再试。";
    HANDOVER_NOT_HERE = "handover.not-here", Invalid, 422,
        "This visit can't go on elsewhere.", "本次使用不能转到其他渠道继续。";
        "Finish it here, or open the mini program there.", "请在此处完成，或在另一渠道重新打开。";
    SESSION_ELSEWHERE = "session.elsewhere", Conflict, 409,
        "You went on with this somewhere else.", "您已在其他渠道继续。";
        "Go on there, or take it back here.", "请在那里继续，或转回此处。";
    KIOSK_UNKNOWN = "kiosk.unknown", NotGranted, 403,
        "This device is not a kiosk of the bank.", "该设备不是本行登记的自助终端。";
        "Ask the branch to register it.", "请联系网点登记设备。";
    KIOSK_NOT_FOUND = "kiosk.not-found", NotFound, 404,
        "There is no such kiosk.", "没有找到该自助终端。";
        "Choose one from the list.", "请从列表中选择。";
    KIOSK_REVOKED = "kiosk.revoked", Conflict, 409,
        "This kiosk was taken out of use.", "该自助终端已停用。";
        "Register the device anew.", "请重新登记设备。";
    KIOSK_NAME = "kiosk.name", Invalid, 422,
        "A kiosk needs a name of up to 40 characters.", "终端名称须为 1 至 40 个字。";
        "Say where it stands, such as Hall 1.", "请填写所在位置，例如“大厅 1 号”。";
    KIOSK_VISIT_OVER = "kiosk.visit-over", Conflict, 409,
        "This visit at the kiosk is over.", "本次自助服务已结束。";
        "Begin anew at the kiosk.", "请在终端上重新开始。";
    KIOSK_NOT_HERE = "kiosk.not-here", NotGranted, 403,
        "A kiosk does not do this.", "自助终端不提供此功能。";
        "Use your own phone.", "请使用您自己的手机。";
    APP_TICKET = "app-ticket.not-good", NotFound, 404,
        "This way in was used, is over, or never was one.", "该登录凭据已使用、已过期或无效。";
        "Go back to the bank's app and open it there again.", "请返回银行客户端重新打开。";
    APP_TICKET_ELSEWHERE = "app-ticket.elsewhere", NotGranted, 403,
        "This way in was made for another device. It opens nothing any more.", "该登录凭据属于另一台设备，现已作废。";
        "Open the bank's app on your own phone.", "请在您自己的手机上打开银行客户端。";
    APP_TICKET_MACHINE = "app-ticket.machine", NotGranted, 403,
        "Only the bank's own server gets tickets for customers.", "只有本行服务器可以为客户申请凭据。";
        "Use the token that head office made for that server.", "请使用总行为该服务器签发的令牌。";
    APP_TICKET_CUSTOMER = "app-ticket.customer", NotFound, 404,
        "No customer of the bank goes by this name.", "没有该客户。";
        "Name the customer as the bank's own sign-in does.", "请使用本行统一登录所用的客户标识。";
    APP_TICKET_CHALLENGE = "app-ticket.challenge", Invalid, 422,
        "The challenge is no SHA-256 in base64url.", "challenge 不是 base64url 编码的 SHA-256。";
        "Send the digest of the app's verifier as RFC 7636 has it: 43 characters.", "请按 RFC 7636 发送客户端校验值的摘要（43 个字符）。";
    APP_TICKET_OPENS = "app-ticket.opens", Invalid, 422,
        "This is nothing that a ticket could open.", "凭据不能打开该内容。";
        "Name a mini program of the bank, one of its pages, and up to 2,048 bytes of query.", "请指定本行小程序及其页面，参数不超过 2048 字节。";
    APP_TICKET_MANY = "app-ticket.many", Limited, 429,
        "Too many tickets just now.", "凭据申请或使用过于频繁。";
        "Wait a minute, then open it again.", "请一分钟后再试。";
    EMBED_NOT_FOUND = "embed.not-found", NotFound, 404,
        "No partner's page is registered under this name.", "没有以此名称登记的合作页面。";
        "Use the name that head office gave the partner.", "请使用总行登记的名称。";
    EMBED_TERMS = "embed.terms", Invalid, 422,
        "This can't be registered.", "登记内容不符合要求。";
        "Name an open merchant or partner, up to 10 origins, 1 to 20 mini programs, and what for.", "请填写有效的商户或合作方、至多 10 个来源、1 至 20 个小程序及用途。";
    EMBED_TOO_MANY = "embed.too-many", Limited, 409,
        "There are as many partners' pages as the host takes.", "合作页面数量已达上限。";
        "Withdraw some that are not used.", "请撤销不再使用的合作页面。";
    EMBED_NOTE = "embed.note", Invalid, 422,
        "A withdrawal needs a reason.", "撤销须说明原因。";
        "Say in a line why.", "请填写原因。";
    EMBED_STATE = "embed.state", Conflict, 409,
        "There is nothing to withdraw.", "没有可撤销的内容。";
        "Propose it first, or look again.", "请先提交登记。";
    EMBED_ORIGIN = "embed.origin", NotGranted, 403,
        "This page is not registered with the bank, so nothing of the bank's is shown here.", "本页面未在银行登记，不显示银行内容。";
        "Open the bank's app or its own pages.", "请打开银行客户端或银行自有页面。";
    EMBED_LAUNCH = "embed.launch", NotGranted, 403,
        "This page's word to the bank is over or was changed, so nothing is shown.", "本页面的签名已过期或被更改，无法显示。";
        "Load the page again.", "请刷新页面。";
    EMBED_PROGRAM = "embed.program", NotGranted, 403,
        "This mini program is not shown on this page.", "本页面不提供该小程序。";
        "Open it at the bank.", "请在银行客户端中打开。";
    EMBED_NOT_HERE = "embed.not-here", NotGranted, 403,
        "This is done in the bank's own window.", "该操作须在银行自有页面完成。";
        "Go on in the window that the bank opens.", "请前往银行页面继续。";
    CHAT_REFUSED = "chat.refused", NotGranted, 403,
        "This message was not accepted.", "该消息未被接受。";
        "Check the channel's name, its secret, the clock and the signature.", "请检查渠道名称、密钥、时钟和签名。";
    CHAT_MALFORMED = "chat.malformed", Invalid, 422,
        "This is no message of a chat user.", "消息格式不正确。";
        "Send type, user and text as docs/channels.md has it.", "请按 docs/channels.md 发送 type、user 和 text。";
    CHAT_ID_REUSED = "chat.id-reused", Conflict, 409,
        "Another message came under this id.", "该消息编号已用于其他内容。";
        "Give each message an id of its own.", "请为每条消息使用唯一编号。";
    CHAT_BUSY = "chat.busy", Busy, 429,
        "Earlier messages are still being answered.", "之前的消息仍在处理中。";
        "Send it again in a moment, under the same id.", "请稍后以相同编号重发。";
}
