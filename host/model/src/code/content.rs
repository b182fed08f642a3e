//! Content: what is put forward, checked, reviewed and shown; pictures; the customers' word.

codes! {
    CONTENT_NOT_FOUND = "content.not-found", NotFound, 404,
        "There is no such entry.", "没有找到该内容。";
        "Look in the list of reviewed content.", "请在已审核内容中查找。";
    CONTENT_DRAFT = "content.draft", Invalid, 422,
        "The entry can't be kept as it is written.", "内容不符合要求，无法保存。";
        "Correct the field that the detail names.", "请修改提示中指出的字段。";
    CONTENT_STATE = "content.state", Conflict, 409,
        "The version's present state doesn't allow this.", "该版本当前状态不允许此操作。";
        "Read the entry again and decide by its state.", "请重新读取内容状态后再决定。";
    CONTENT_TOO_MANY = "content.too-many", Limited, 409,
        "Too much waits already.", "待处理的内容过多。";
        "Finish or withdraw what waits first.", "请先完成或撤回待处理的内容。";
    CONTENT_OWN_WORK = "content.own-work", NotGranted, 403,
        "Nobody approves what they or their publisher wrote.", "不能审核自己或所属发布方撰写的内容。";
        "Another person must decide.", "请由另一人审核。";
    CONTENT_SAME_PERSON = "content.same-person", NotGranted, 403,
        "You have already approved this version.", "您已批准过该版本。";
        "Another person must decide.", "请由另一人审核。";
    CONTENT_DIGEST_DIFFERS = "content.digest-differs", Conflict, 409,
        "The decision names another text than the one in review.", "审核决定所指的内容与待审内容不一致。";
        "Load the entry again and decide on what it shows.", "请重新打开内容后再决定。";
    CONTENT_NOTE_MISSING = "content.note-missing", Invalid, 422,
        "This is not done without a reason.", "此操作需要说明原因。";
        "Say in a few words why.", "请用几个字说明原因。";
    CONTENT_TAKEN_DOWN = "content.taken-down", Conflict, 409,
        "The entry is taken down.", "该内容已被下架。";
        "Have a duty officer restore it first.", "请先由值班人员恢复。";
    CONTENT_WORD = "content.word", Invalid, 422,
        "The text has a word that this bank does not publish.", "文字中含有本行不予发布的词语。";
        "Say it in other words.", "请改用其他措辞。";
    CONTENT_LINK = "content.link", Invalid, 422,
        "The text leads to a site that is not on the bank's list.", "文字中的链接不在本行允许的名单内。";
        "Remove the link, or open a page of a program instead.", "请删除链接，或改为打开小程序页面。";
    CONTENT_CARD_NUMBER = "content.card-number", Invalid, 422,
        "The text has a card or account number.", "文字中含有卡号或账号。";
        "Take the number out; show at most its last four digits.", "请删除该号码，最多保留末四位。";
    CONTENT_IDENTITY_NUMBER = "content.identity-number", Invalid, 422,
        "The text has an identity number.", "文字中含有身份证号码。";
        "Take the number out; nobody's identity number is published.", "请删除该号码，不得公开任何人的身份证号。";
    CONTENT_CONTACT = "content.contact", Invalid, 422,
        "The text has a mobile number or an e-mail address.", "文字中含有手机号码或电子邮箱。";
        "Use the branch's own line, or make sure that it may be published.", "请使用网点电话，或确认可以公开。";
    CONTENT_LOOKALIKE = "content.lookalike", Invalid, 422,
        "The text has digits that only look like digits.", "文字中含有形似数字的特殊字符。";
        "Write plain digits, 0 to 9; the detail names the place.", "请使用 0 至 9 的普通数字，提示中已指出位置。";
    CONTENT_CHECK_AWAY = "content.check-away", Unavailable, 503,
        "The content check can't be reached.", "内容检查服务暂时无法使用。";
        "Do nothing: it is tried again by itself, and the version waits until then.", "无需操作，系统会自动重试，版本将保留等待。";

    CONTENT_NOT_STAFF = "content.not-staff", NotGranted, 403,
        "Content is put forward by the branch's own people.", "内容须由网点人员提交。";
        "Ask staff of the branch to do it.", "请由网点人员操作。";

    RATING_NOT_FOUND = "rating.not-found", NotFound, 404,
        "There is no such rating.", "没有找到该评价。";
        "Load the list again.", "请重新加载列表。";
    RATING_NOT_PAID = "rating.not-paid", NotGranted, 403,
        "Only those who have paid can rate.", "完成付款后才能评价。";
        "Rate from the receipt of a settled payment.", "请在已完成付款的收据中评价。";
    RATING_STARS = "rating.stars", Invalid, 422,
        "A rating has one to five stars.", "评分应为一至五星。";
        "Choose one to five.", "请选择一至五星。";
    FEEDBACK_KEY_REUSED = "feedback.key-reused", Conflict, 409,
        "Something else was said under this key.", "该编号已用于不同内容。";
        "Use a new key for a new word.", "请为新的内容使用新的编号。";
    RATING_EXISTS = "rating.exists", Conflict, 409,
        "This payment was rated already.", "该笔付款已评价过。";
        "Change the rating that is there.", "请修改已有的评价。";
    RATING_EDIT_OVER = "rating.edit-over", Conflict, 409,
        "This rating can't be changed any more.", "该评价已不能修改。";
        "A rating may be changed for seven days.", "评价可在七天内修改。";
    FEEDBACK_TEXT = "feedback.text", Invalid, 422,
        "The text is empty, too long or has characters that nobody types.", "文字为空、过长或含有异常字符。";
        "Write up to 1000 plain characters.", "请填写不超过 1000 字的文字。";
    FEEDBACK_NOT_CUSTOMER = "feedback.not-customer", NotGranted, 403,
        "Only customers have a word here.", "仅客户可以评价或投诉。";
        "Sign in as a customer.", "请以客户身份登录。";
    COMPLAINT_NOT_FOUND = "complaint.not-found", NotFound, 404,
        "There is no such complaint.", "没有找到该投诉。";
        "Look in your list of complaints.", "请在投诉列表中查找。";
    COMPLAINT_STATE = "complaint.state", Conflict, 409,
        "The complaint's present state doesn't allow this.", "该投诉当前状态不允许此操作。";
        "Read it again and decide by its state.", "请重新查看后再决定。";
    COMPLAINT_TOO_MANY = "complaint.too-many", Limited, 409,
        "Several complaints wait for an answer already.", "已有多件投诉等待答复。";
        "Add to one of them instead.", "请在已有投诉中补充。";

    MEDIA_NOT_FOUND = "media.not-found", NotFound, 404,
        "There is no such picture.", "没有找到该图片。";
        "Upload it, or choose one of the list.", "请上传图片或从列表中选择。";
    MEDIA_TYPE = "media.type", Invalid, 415,
        "This is no picture that the bank takes.", "不支持的图片格式。";
        "Upload PNG, JPEG, GIF or WebP.", "请上传 PNG、JPEG、GIF 或 WebP 图片。";
    MEDIA_SVG = "media.svg", Invalid, 415,
        "SVG files are not taken: they can carry programs.", "不接受 SVG 文件，因其可能携带程序。";
        "Upload it as PNG.", "请转换为 PNG 后上传。";
    MEDIA_HIDDEN = "media.hidden", Invalid, 422,
        "The picture carries something else inside.", "图片中夹带了其他内容。";
        "Export the picture anew and upload that.", "请重新导出图片后上传。";
    MEDIA_BROKEN = "media.broken", Invalid, 422,
        "The picture can't be read.", "图片无法读取。";
        "Export it anew and upload that.", "请重新导出后上传。";
    MEDIA_TOO_LARGE = "media.too-large", Limited, 413,
        "The picture is too large.", "图片过大。";
        "Keep it within 8 MiB and 40 million pixels.", "请保持在 8 MiB、4000 万像素以内。";
}
