//! Requests: who may ask what, and the host's own troubles.

codes! {
    AUTH_REQUIRED = "auth.required", NotGranted, 401,
        "Please sign in.", "请先登录。";
        "Sign in on the sign-in page and try again; calls of the API need a token of POST /api/v1/tokens.", "请在登录页面登录后重试；调用接口时请附上 POST /api/v1/tokens 取得的令牌。";
    AUTH_EXPIRED = "auth.expired", NotGranted, 401,
        "Your sign-in is over.", "登录已过期。";
        "Sign in again; nothing of the last request was done.", "请重新登录，上一次请求没有生效。";
    AUTH_FORBIDDEN = "auth.forbidden", NotGranted, 403,
        "You may not do this.", "您没有此项权限。";
        "Ask somebody who holds the role for it.", "请联系具有相应权限的人员。";
    AUTH_BAD_PASSWORD = "auth.bad-password", NotGranted, 401,
        "Name or password is wrong.", "用户名或密码错误。";
        "Check both and try again.", "请核对后重试。";
    AUTH_TOO_MANY = "auth.too-many", Limited, 429,
        "Too many attempts to sign in.", "登录尝试次数过多。";
        "Wait a minute and try again.", "请等待一分钟后重试。";
    AUTH_ORIGIN = "auth.origin", NotGranted, 403,
        "The request came from another site.", "请求来自其他网站。";
        "Use the bank's own pages.", "请使用银行自己的页面。";

    REQUEST_MALFORMED = "request.malformed", Invalid, 400,
        "The request can't be understood.", "无法识别该请求。";
        "Load the page again and repeat it; /openapi.json describes each request.", "请刷新页面后重试；各请求的说明见 /openapi.json。";
    REQUEST_TOO_LARGE = "request.too-large", Limited, 413,
        "The request is too large.", "请求内容过大。";
        "Send less at once; docs/limits.md has the size for each kind of request.", "请减少单次发送的内容，各类请求的上限见 docs/limits.md。";
    REQUEST_TOO_MANY = "request.too-many", Limited, 429,
        "Too many requests.", "请求过于频繁。";
        "Slow down and try again in a moment.", "请放慢速度，稍后重试。";
    REQUEST_NOT_FOUND = "request.not-found", NotFound, 404,
        "There is nothing at this address.", "该地址没有内容。";
        "Check the address, or go to the home page; /openapi.json lists the routes.", "请检查地址，或回到首页；/openapi.json 列出了全部路径。";
    REQUEST_METHOD = "request.method", Invalid, 405,
        "This address doesn't do that.", "该地址不支持此方法。";
        "Use the buttons and links of the pages; the Allow header lists the methods.", "请使用页面上的按钮和链接；支持的方法见 Allow 头。";
    REQUEST_MEDIA_TYPE = "request.media-type", Invalid, 415,
        "The content type is not the expected one.", "内容类型不符合要求。";
        "Send application/json, or a package as application/miniapp-pkg+zip.", "请发送 application/json，或以 application/miniapp-pkg+zip 发送程序包。";
    REQUEST_STREAMS = "request.streams", Limited, 429,
        "Too many pages are open with this sign-in.", "该登录打开的页面过多。";
        "Close pages that you do not look at; a sign-in may have a few open.", "请关闭不再查看的页面，同一登录只能打开少量页面。";
    REQUEST_CONFLICT = "request.conflict", Conflict, 409,
        "Somebody else has changed this meanwhile.", "此内容已被他人修改。";
        "Load it again and repeat the change.", "请重新加载后再修改。";

    HOST_OVERLOADED = "host.overloaded", Busy, 503,
        "Too many people are served right now.", "当前服务人数过多。";
        "Try again in a moment; nothing was changed.", "请稍后重试，此次操作没有生效。";
    HOST_UNAVAILABLE = "host.unavailable", Unavailable, 503,
        "The bank's system is away for a moment.", "银行系统暂时不可用。";
        "Try again; the same request is never done twice.", "请重试，同一请求不会重复执行。";
    HOST_INTERNAL = "host.internal", Other, 500,
        "Something went wrong at the bank.", "银行系统发生错误。";
        "Try again; if it stays, give the request id to the bank.", "请重试，如仍有问题请将请求编号告知银行。";
    HOST_STORAGE_FULL = "host.storage-full", Unavailable, 507,
        "The bank's system can't keep anything new at the moment.", "银行系统暂时无法保存新数据。";
        "Try again later, the bank sees to it; its operators free or add disk space.", "请稍后重试，银行正在处理；运维人员请清理或扩充磁盘。";
    HOST_WITHHELD = "host.withheld", NotFound, 410,
        "This was erased at the customer's request.", "该内容已应客户要求删除。";
        "Do without it: what was erased can't be had again.", "请在没有它的情况下继续，已删除的内容无法恢复。";
}
