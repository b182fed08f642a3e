//! Threads with the customer manager.

codes! {
    THREAD_PURPOSE = "thread.purpose", NotGranted, 403,
        "The program was not reviewed for this purpose.", "该小程序未获准用于此用途。";
        "Name one of the manifest's data_purposes, word for word.", "请逐字使用清单 data_purposes 中的用途。";
    THREAD_NO_MANAGER = "thread.no-manager", Unavailable, 503,
        "Nobody at this branch talks with customers here.", "该机构暂无客户经理在此服务。";
        "Show the branch's telephone number instead.", "请改为显示网点电话。";
    THREAD_NOT_CUSTOMER = "thread.not-customer", NotGranted, 403,
        "Only a customer has a customer manager.", "只有客户才有客户经理。";
        "Open it as a customer.", "请以客户身份打开。";
    THREAD_TEXT = "thread.text", Invalid, 422,
        "What was written can't be sent.", "内容无法发送。";
        "Write one to a thousand plain characters; programs leave links and numbers of cards out.", "请填写一至一千个普通字符；小程序不得包含链接和卡号。";
    THREAD_RATE = "thread.rate", Limited, 429,
        "That is a lot in a short time.", "短时间内发送过多。";
        "Wait a little; a program writes at most five notes a day.", "请稍后再发，小程序每天最多写五条。";
    THREAD_FULL = "thread.full", Limited, 409,
        "This conversation has become too long.", "该对话内容过多。";
        "Ask the branch directly.", "请直接联系网点。";
    THREAD_ENDED = "thread.ended", Conflict, 409,
        "The customer has ended this conversation.", "客户已结束该对话。";
        "Leave it; the customer can open it again.", "请勿继续，客户可自行重新开启。";
    THREAD_STATE = "thread.state", Conflict, 409,
        "The conversation is past this.", "该对话已进入其他状态。";
        "Load the conversation again: it may have been ended or opened anew.", "请重新加载该对话，它可能已结束或重新开启。";
    THREAD_NOT_FOUND = "thread.not-found", NotFound, 404,
        "There is no such conversation.", "没有找到该对话。";
        "Look at the list of conversations.", "请查看对话列表。";
    THREAD_KEY_REUSED = "thread.key-reused", Conflict, 409,
        "Something else was written under this key.", "该键已用于其他内容。";
        "Use a new key for a new message.", "请为新的内容使用新的键。";
}
