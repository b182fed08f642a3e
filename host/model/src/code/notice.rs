//! Notices and their templates.

codes! {
    NOTICE_TEMPLATE_UNKNOWN = "notice.template-unknown", NotFound, 404,
        "There are no reviewed words of this name.", "没有经审核的同名通知模板。";
        "Propose the template and have it approved.", "请先提交模板并通过审核。";
    NOTICE_TEMPLATE_INVALID = "notice.template-invalid", Invalid, 422,
        "The words of the template don't keep the rules.", "通知模板的文字不符合规则。";
        "Keep to the lengths, name each variable in each language, and leave links and numbers of cards out.", "请遵守长度要求，各语言使用全部变量，且不含链接和卡号。";
    NOTICE_TEMPLATE_STATE = "notice.template-state", Conflict, 409,
        "The template is past this.", "该通知模板已进入其他状态。";
        "Look at the template again.", "请重新查看该模板。";
    NOTICE_TEMPLATE_DIFFERS = "notice.template-differs", Conflict, 409,
        "Other words are proposed by now.", "提交的模板文字已有变更。";
        "Read what is proposed now, then decide.", "请查看最新提交的内容后再决定。";
    NOTICE_OWN_WORK = "notice.own-work", NotGranted, 403,
        "Nobody approves their own words.", "不能审批自己提交的模板。";
        "Ask somebody else to decide.", "请由其他人员审批。";
    NOTICE_NOTE_MISSING = "notice.note-missing", Invalid, 422,
        "A reason is missing.", "缺少说明。";
        "Say why, for whoever proposed it.", "请填写原因，供提交人了解。";
    NOTICE_TEMPLATE_TOO_MANY = "notice.template-too-many", Limited, 422,
        "The program has as many templates as it may have.", "该小程序的通知模板数量已达上限。";
        "Change one that is there.", "请修改已有的模板。";
    NOTICE_VALUE = "notice.value", Invalid, 422,
        "A value doesn't fit the template.", "有一项内容与通知模板不符。";
        "Give each variable once, of its kind and length, without links.", "每个变量填写一次，符合类型和长度，且不含链接。";
    NOTICE_ASKED = "notice.asked", Invalid, 422,
        "These templates can't be asked for together.", "不能同时征求这些通知的同意。";
        "Name one to three different templates.", "请指定一至三个不同的模板。";
    NOTICE_NOT_CONSENTED = "notice.not-consented", NotConsented, 403,
        "The customer has not allowed this notice.", "客户尚未同意接收此类通知。";
        "Ask for it on the host's sheet first.", "请先通过银行页面征得客户同意。";
    NOTICE_MUTED = "notice.muted", NotConsented, 403,
        "The customer wants no notices of this program.", "客户已关闭该小程序的通知。";
        "Send nothing: only the customer can take this back, at /app/notices.", "请勿发送，只有客户本人可在通知设置中恢复。";
    NOTICE_CAPPED = "notice.capped", Limited, 429,
        "The customer has had enough notices of this program today.", "今天发送给该客户的通知已达上限。";
        "Send it tomorrow, or show it on the program's own page today.", "请于次日发送，或先在小程序页面上展示。";
    NOTICE_RECIPIENT_UNKNOWN = "notice.recipient-unknown", NotFound, 404,
        "The program knows nobody by this name.", "该小程序没有此收件人。";
        "Name a subject that whoami gave to this program.", "请使用本小程序获得的客户标识。";
    NOTICE_KEY_REUSED = "notice.key-reused", Conflict, 409,
        "Another notice was sent under this key.", "该键已用于其他通知。";
        "Use a new key for a new notice.", "请为新的通知使用新的键。";
    NOTICE_TOO_FAR = "notice.too-far", Invalid, 422,
        "The notice lies too far ahead.", "通知时间过远。";
        "Ask for it within sixty days.", "请设定在六十天以内。";
    NOTICE_NOT_FOUND = "notice.not-found", NotFound, 404,
        "There is no such notice of yours.", "没有找到您的这条通知。";
        "Look at the list of notices.", "请查看通知列表。";
    NOTICE_STATE = "notice.state", Conflict, 409,
        "The notice is past this.", "该通知已进入其他状态。";
        "Load the notice again: it may have been sent, read or withdrawn.", "请重新加载该通知，它可能已发送、已读或已撤回。";
    NOTICE_QUIET = "notice.quiet", Invalid, 422,
        "These are no quiet hours.", "免打扰时段不正确。";
        "Give two different times of the day.", "请填写两个不同的时间。";
    NOTICE_NOT_CUSTOMER = "notice.not-customer", NotGranted, 403,
        "Only a customer has notices.", "只有客户可以接收通知。";
        "Name the recipient, or open it as a customer.", "请指定收件人，或以客户身份打开。";
    NOTICE_NO_MAIL = "notice.no-mail", Conflict, 409,
        "The bank can't write to you by e-mail.", "银行暂时无法向您发送邮件。";
        "Have the branch note your e-mail address first.", "请先在网点登记您的电子邮箱。";
    NOTICE_LINK_OVER = "notice.link-over", NotFound, 404,
        "This link is over: these e-mails have ended already.", "链接已失效，您不会再收到此类邮件。";
        "Nothing more is to be done.", "无需其他操作。";
}
