//! Launch codes: links and QR codes into a program's page, made and opened. Favourites.

codes! {
    LAUNCH_FORGED = "launch.forged", NotFound, 404,
        "This code was not made by the bank.", "该码不是本行签发的。";
        "Do not pay by it. Tell the staff where it hangs, and open the mini program in the app.", "请勿据此付款。请告知现场工作人员，并在应用内打开小程序。";
    LAUNCH_EXPIRED = "launch.expired", Unavailable, 410,
        "This code is over.", "该码已过期。";
        "Ask for the new one on the spot, or open the mini program in the app.", "请向现场索取新码，或在应用内打开小程序。";
    LAUNCH_REVOKED = "launch.revoked", Unavailable, 410,
        "This code was taken out of use.", "该码已停用。";
        "Ask the staff on the spot, or open the mini program in the app.", "请咨询现场工作人员，或在应用内打开小程序。";
    LAUNCH_REPLACED = "launch.replaced", Unavailable, 410,
        "This code was replaced by a newer print.", "该码已被新印制的码替换。";
        "Scan the new one on the spot, or open the mini program in the app.", "请扫描现场的新码，或在应用内打开小程序。";
    LAUNCH_ELSEWHERE = "launch.elsewhere", NotGranted, 403,
        "This code belongs to another branch, for which you do not work.", "该码属于其他网点，您不在该网点任职。";
        "Sign in as a customer, or use a code of your own branch.", "请以客户身份登录，或使用本网点的码。";
    LAUNCH_NOT_FOUND = "launch.not-found", NotFound, 404,
        "There is no such code of this program.", "该小程序没有此码。";
        "Choose one from the list.", "请从列表中选择。";
    LAUNCH_MANY = "launch.many", Limited, 422,
        "This program has as many codes as it may have.", "该小程序的码数量已达上限。";
        "Revoke those that nobody uses any more.", "请停用不再使用的码。";
    LAUNCH_COPIES = "launch.copies", Limited, 422,
        "One set has from 1 to 200 copies, numbered up to 9999.", "每组为 1 至 200 份，编号不超过 9999。";
        "Make several sets, each with its own first number.", "请分为多组，分别设置起始编号。";
    LAUNCH_PARAMETERS = "launch.parameters", Invalid, 422,
        "These parameters do not fit a code.", "参数不符合要求。";
        "Give at most 8, each name once in a-z, 0-9 and dashes, 256 bytes together.", "至多 8 项，名称不重复且仅含小写字母、数字和连字符，总计不超过 256 字节。";
    LAUNCH_LABEL = "launch.label", Invalid, 422,
        "A code needs a label of up to 40 characters.", "标签须为 1 至 40 个字。";
        "Say what it hangs on, such as Table {n}.", "请填写张贴处，例如“{n} 号桌”。";
    LAUNCH_EXPIRY = "launch.expiry", Invalid, 422,
        "A code ends some time within two years from now.", "有效期须在两年之内且晚于当前时间。";
        "Choose a later day, or print it anew in two years.", "请选择更晚的日期，或两年后重新印制。";
    LAUNCH_PLACE = "launch.place", Invalid, 422,
        "There is no such branch, merchant or shop.", "没有找到该网点、商户或门店。";
        "Name a branch, and a merchant with one of its shops.", "请填写网点，以及商户及其门店。";
    FAVOURITES_MANY = "favourites.many", Limited, 422,
        "You have as many favourites as fit.", "收藏数量已达上限。";
        "Take one out before you add another.", "请先取消一个收藏再添加。";
}
