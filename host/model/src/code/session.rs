//! Sessions and sheets: what a customer meets.

codes! {
    SESSION_STALE = "session.stale", Conflict, 409,
        "The page has changed since you saw it.", "页面在您操作之前已经更新。";
        "Look at the new page and choose again.", "请查看新页面后重新选择。";
    SESSION_CONFLICT = "session.conflict", Conflict, 409,
        "This event number was already used for something else.", "该事件序号已用于其他操作。";
        "Send the event under the next number of this device.", "请用本设备的下一个序号发送。";
    SESSION_GAP = "session.gap", Conflict, 409,
        "An earlier event of this device is missing.", "本设备有更早的操作尚未送达。";
        "Send the missing event first; numbers start at 1 and leave no gap.", "请先补发缺少的事件，序号从 1 开始且不能跳号。";
    SESSION_BUSY = "session.busy", Busy, 503,
        "Many people are using this at the moment.", "当前使用的人较多。";
        "Try again in a moment; nothing was changed.", "请稍后重试，此次操作没有生效。";
    SESSION_CLOSED = "session.closed", NotFound, 410,
        "This visit has ended.", "本次使用已结束。";
        "Open the mini program again.", "请重新打开小程序。";
    SESSION_NOT_FOUND = "session.not-found", NotFound, 404,
        "There is no such visit of yours.", "没有找到您的这次使用记录。";
        "Open the mini program again.", "请重新打开小程序。";
    RECORDING_NOT_AGREED = "recording.not-agreed", Invalid, 422,
        "You have not agreed that this visit is given away.", "您尚未同意提供本次使用记录。";
        "Read what is in it, and tick the box.", "请阅读其中包含的内容并勾选同意。";
    RECORDING_MALFORMED = "recording.malformed", Invalid, 422,
        "This file is no recorded visit.", "该文件不是使用记录。";
        "Take it as the bank gave it out; one of a newer bank needs a newer `xitai`.", "请使用银行给出的原文件；较新的银行需要较新的 xitai。";
    RECORDING_OTHER_PROGRAM = "recording.other-program", Invalid, 422,
        "The recording is of another program.", "这是另一个小程序的使用记录。";
        "Name a package of the program that it names.", "请选择记录中所写小程序的程序包。";
    RECORDING_OTHER_RELEASE = "recording.other-release", Conflict, 409,
        "Another build than this package performed the recording.", "执行该记录的不是这个程序包。";
        "Name the package that was published (--package), or see with `xitai shadow` what this one does otherwise.", "请用 --package 指定已发布的程序包，或用 xitai shadow 查看差异。";
    SESSION_PRACTICE_CLOSED = "session.practice-closed", Invalid, 422,
        "Practice is not open on this host.", "本机构暂未开放练习模式。";
        "Open the mini program without practice.", "请以正常方式打开小程序。";
    SESSION_NODE_MISSING = "session.node-missing", Invalid, 422,
        "What you tapped is not on the page.", "您点击的内容不在当前页面上。";
        "Look at the current page and choose again.", "请查看当前页面后重新选择。";
    SESSION_NODE_NOT_TAPPABLE = "session.node-not-tappable", Invalid, 422,
        "This part of the page can't be tapped.", "页面的这一部分不能点击。";
        "Use an enabled button, item, tab or link.", "请使用可用的按钮、条目、标签或链接。";
    SESSION_VALUE_INVALID = "session.value-invalid", Invalid, 422,
        "A value doesn't fit its field.", "有一项填写不符合要求。";
        "Correct the field that is marked and send the form again.", "请修改标出的字段后重新提交。";
    SESSION_VALUE_MISSING = "session.value-missing", Invalid, 422,
        "A required field is empty.", "有必填项未填写。";
        "Fill in the field that is marked and send the form again.", "请填写标出的字段后重新提交。";
    SESSION_VALUE_UNEXPECTED = "session.value-unexpected", Invalid, 422,
        "The form has no such field.", "表单中没有这个字段。";
        "Send each field of the form at most once and nothing else.", "每个字段最多提交一次，且不要提交其他内容。";
    SESSION_INBOX_FULL = "session.inbox-full", Limited, 429,
        "Too much is waiting for this visit already.", "本次使用中等待处理的事项过多。";
        "Wait until the waiting events are done.", "请等待现有事项处理完毕。";
    SESSION_EVENT_NOT_CUSTOMERS = "session.event-not-customers", Invalid, 422,
        "Only the bank itself can send this event.", "该事件只能由银行系统发出。";
        "Send tapped, submitted, resumed or hidden.", "请只发送点击、提交、返回或隐藏事件。";

    SHEET_OPEN = "sheet.open", Conflict, 409,
        "A sheet of the bank is waiting for your answer.", "有一项内容等待您确认。";
        "Confirm or decline it first.", "请先确认或取消。";
    SHEET_TOO_SOON = "sheet.too-soon", Busy, 409,
        "The sheet has only just opened.", "确认页面刚刚打开。";
        "Read it, then confirm.", "请先核对内容，再确认。";
    SHEET_EXPIRED = "sheet.expired", Conflict, 409,
        "The time to confirm this is over; nothing was paid or given.", "确认已超时，没有扣款，也没有提供任何信息。";
        "Go back and begin again if you still want it.", "如仍需要，请返回重新操作。";
    SHEET_NOT_OPEN = "sheet.not-open", Conflict, 409,
        "This sheet isn't open.", "该确认页面未打开。";
        "Look at the current page; it may already be decided.", "请查看当前页面，可能已处理。";
    SHEET_ANSWER_MISSING = "sheet.answer-missing", Invalid, 422,
        "Something that is needed was not filled in.", "有必填内容未填写。";
        "Fill in the part that is marked, or decline.", "请填写标出的内容，或选择取消。";
    SHEET_ANSWER_INVALID = "sheet.answer-invalid", Invalid, 422,
        "Something that was filled in does not fit.", "填写的内容不符合要求。";
        "Correct the part that is marked.", "请修改标出的内容。";
    SHEET_NO_CUSTOMER = "sheet.no-customer", Invalid, 422,
        "There is no customer here who could decide.", "此处没有可以作出决定的客户。";
        "Ask in a session of a customer, not in the background.", "请在客户会话中提出，而不是在后台。";
    SHEET_DIGEST_DIFFERS = "sheet.digest-differs", Conflict, 409,
        "What you confirmed is not what the sheet says now; nothing was paid or given.", "您确认的内容与当前页面不一致，没有扣款，也没有提供任何信息。";
        "Load the page again and read the sheet.", "请刷新页面，重新核对。";
    SHEET_AMOUNT_DIFFERS = "sheet.amount-differs", Invalid, 422,
        "The payment isn't the amount on the button that was tapped.", "付款金额与所点按钮上的金额不一致。";
        "Give the button exactly the payment's payable amount.", "按钮金额必须与应付金额完全一致。";
    SHEET_CURRENCY_DIFFERS = "sheet.currency-differs", Invalid, 422,
        "The payment is in another currency than the button that was tapped.", "付款币种与所点按钮上的币种不一致。";
        "Use one currency for the button and the payment.", "按钮与付款请使用同一币种。";
    SHEET_NOT_ARMED = "sheet.not-armed", Invalid, 422,
        "A payment sheet needs a tap on a button with an amount.", "打开付款页面前，客户须点击带金额的按钮。";
        "Show a button that carries the amount and open the sheet when it is tapped.", "请显示带金额的按钮，并在点击后打开付款页面。";
    SHEET_ARMING_OVER = "sheet.arming-over", Invalid, 422,
        "The tap on the amount was too long ago.", "距离点击金额按钮的时间过长。";
        "Ask for another tap on the button with the amount.", "请让客户再次点击带金额的按钮。";
    SHEET_OTHER_CHAIN = "sheet.other-chain", Invalid, 422,
        "The payment was not made by the tap that would open its sheet.", "该付款不是由本次点击产生的。";
        "Request the payment in answer to the tap that shows its sheet.", "请在处理该点击时发起付款请求。";
    SHEET_EVENT_OPENS_NONE = "sheet.event-opens-none", Invalid, 422,
        "This kind of event can't open a sheet.", "这类事件不能打开付款页面。";
        "Open a sheet in answer to a tap, a submit, a reply or a wake-up.", "只能在点击、提交、应答或唤醒时打开付款页面。";
    SHEET_FOREIGN_TICKET = "sheet.foreign-ticket", Invalid, 422,
        "There is no such ticket in this session.", "本次会话中没有这张票据。";
        "Show only tickets that an import gave to this session.", "只能使用接口发给本会话的票据。";
    SHEET_TICKET_USED = "sheet.ticket-used", Invalid, 422,
        "This ticket was used already.", "该票据已被使用。";
        "Request a new payment for a new sheet.", "请为新的付款页面重新发起请求。";
    SHEET_ALREADY_OPEN = "sheet.already-open", Invalid, 422,
        "Another sheet is open in this session.", "本会话中已有打开的付款页面。";
        "Wait for sheet-closed before showing the next.", "请等待前一个页面关闭后再打开。";
    SHEET_SURFACE = "sheet.surface", Invalid, 422,
        "Cards and background sessions show no sheets.", "卡片和后台会话不能打开付款页面。";
        "Open the full page of the program first.", "请先打开小程序完整页面。";
    SHEET_PAYEE_UNKNOWN = "sheet.payee-unknown", Invalid, 422,
        "A payee has no legal name in the bank's register.", "收款方在银行登记中没有法定名称。";
        "Have head office register the payee.", "请联系总行登记该收款方。";
    SHEET_NOTHING_TO_PAY = "sheet.nothing-to-pay", Invalid, 422,
        "There is nothing to pay on this sheet.", "该付款页面没有应付金额。";
        "Show no sheet for a payment of zero.", "应付金额为零时请不要打开付款页面。";
}
