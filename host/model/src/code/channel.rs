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
