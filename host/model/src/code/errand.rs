//! What the customer's device and the app are asked for.

codes! {
    ERRAND_INVALID = "errand.invalid", Invalid, 422,
        "What is asked for doesn't keep the rules.", "请求的内容不符合规则。";
        "Keep to the lengths and the kinds that the interface names.", "请遵守接口规定的长度和类型。";
    ERRAND_PERSONAL = "errand.personal", Invalid, 422,
        "Something that would be handed on says who somebody is.", "将被转发的内容包含个人信息。";
        "Leave numbers, addresses and subjects out; hand on a key of your own.", "请去除号码、地址和客户标识，改用自己的编号。";
    ERRAND_NOT_FOUND = "errand.not-found", NotFound, 404,
        "There is no such document of yours.", "没有找到您的这份文件。";
        "Ask for it again in the mini program.", "请在小程序中重新申请。";
    ATTACHMENT_TOO_LARGE = "attachment.too-large", Limited, 413,
        "The file is empty or too large.", "文件为空或过大。";
        "Choose a file of at most one megabyte; pictures are made smaller by themselves.", "请选择不超过 1 MB 的文件，图片会自动压缩。";
    ATTACHMENT_KIND = "attachment.kind", Invalid, 415,
        "A file of this kind isn't asked for.", "不支持该类型的文件。";
        "Choose a picture or a PDF, as the sheet says.", "请按页面提示选择图片或 PDF。";
    ATTACHMENT_NOT_FOUND = "attachment.not-found", NotFound, 404,
        "There is no such file.", "没有找到该文件。";
        "Ask the customer for it again.", "请重新向客户索取。";
}
