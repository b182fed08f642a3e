//! Programs: how a call ends badly, and whether a program is to be had.

codes! {
    FAULT_COMPUTE = "fault.compute", Limited, 503,
        "The mini program computed for too long.", "小程序计算时间过长。";
        "Do less in one event; 50 ms of computing are allowed.", "请减少单次事件的计算量，上限 50 毫秒。";
    FAULT_TIME = "fault.time", Limited, 503,
        "The mini program took too long to answer.", "小程序响应超时。";
        "Try again in a moment, nothing was changed; authors make fewer host calls in one event.", "请稍后重试，此次操作没有生效；开发者请减少单次事件的主机调用。";
    FAULT_MEMORY = "fault.memory", Limited, 503,
        "The mini program needed too much memory.", "小程序占用内存过多。";
        "Keep all memories and tables below 64 MiB.", "内存和表合计请保持在 64 MiB 以内。";
    FAULT_RECURSION = "fault.recursion", Limited, 503,
        "The mini program called itself too deeply.", "小程序递归过深。";
        "Replace the recursion with a loop.", "请用循环代替递归。";
    FAULT_HOST_CALLS = "fault.host-calls", Limited, 503,
        "The mini program asked the host too often.", "小程序主机调用次数过多。";
        "Make at most 100 host calls an event.", "每次事件最多 100 次主机调用。";
    FAULT_HOST_CALL_BYTES = "fault.host-call-bytes", Limited, 503,
        "The mini program handed over too much at once.", "小程序单次传递的数据过大。";
        "Keep what one host call brings below 2 MiB.", "单次主机调用数据请保持在 2 MiB 以内。";
    FAULT_TRAP = "fault.trap", Other, 503,
        "The mini program broke off.", "小程序意外中断。";
        "Try again; authors find the place in the program's log.", "请重试；开发者可在日志中查看出错位置。";
    FAULT_FAILURE = "fault.failure", Other, 503,
        "The mini program could not go on.", "小程序无法继续。";
        "Try again; authors find the reason in the program's log.", "请重试；开发者可在日志中查看原因。";
    FAULT_BAD_STEP = "fault.bad-step", Invalid, 503,
        "The mini program answered with a page that can't be shown.", "小程序返回的页面无法显示。";
        "Try again; authors find the rule that it breaks in the program's log.", "请重试；开发者可在日志中查看违反的规则。";
    FAULT_STOPPED = "fault.stopped", Unavailable, 503,
        "The mini program was stopped while it ran; nothing was changed.", "小程序运行时被停用，操作没有生效。";
        "Try again later; the publisher and the branch see why it was stopped.", "请稍后再试，发布方和网点可以看到停用原因。";
    FAULT_OVERLOADED = "fault.overloaded", Busy, 503,
        "Too many people are served right now.", "当前服务人数过多。";
        "Try again in a moment; nothing was changed.", "请稍后重试，此次操作没有生效。";
    FAULT_DIVERGED = "fault.diverged", Other, 500,
        "A replay went another way than the journal.", "重放结果与日志不一致。";
        "Compare the named call of the journal with the program's source.", "请对照日志中指出的调用与程序源码。";
    FAULT_WITHHELD = "fault.withheld", Other, 500,
        "A step can't be performed again: a customer withdrew a consent, and the key of what was read is destroyed.", "客户已撤回授权，读取内容的密钥已销毁，该步骤无法重放。";
        "Go on with the steps after it, which replay from the state that was kept.", "可继续重放其后的步骤，它们从保留的状态开始。";
    FAULT_HOST = "fault.host", Unavailable, 503,
        "The bank's system could not answer in time.", "银行系统暂时无法响应。";
        "Try again in a moment; nothing was changed.", "请稍后重试，此次操作没有生效。";

    PROGRAM_FAILED = "program.failed", Other, 503,
        "The mini program ran into a problem; nothing was changed.", "小程序遇到问题，此次操作没有生效。";
        "Try again; if it stays, tell the publisher.", "请重试，如仍有问题请联系发布方。";
    PROGRAM_STOPPED = "program.stopped", Unavailable, 503,
        "This mini program is stopped at the moment.", "该小程序目前已停用。";
        "Come back later or ask in the branch.", "请稍后再来，或到网点咨询。";
    PROGRAM_RETIRED = "program.retired", Unavailable, 410,
        "This mini program is offered no more.", "该小程序已下架。";
        "Your receipts and coupons stay; ask in the branch for what took its place.", "您的收据和优惠券仍然有效，可到网点咨询替代服务。";
    PROGRAM_NOT_FOUND = "program.not-found", NotFound, 404,
        "There is no such mini program.", "没有找到该小程序。";
        "Look for it in the list of mini programs.", "请在小程序列表中查找。";
    PROGRAM_NOT_ENABLED = "program.not-enabled", NotFound, 404,
        "This mini program is not offered in your branch.", "该小程序未在您的网点开通。";
        "Look for it in another branch, or ask yours to offer it.", "请到其他网点查看，或咨询您的网点。";
    PROGRAM_NOT_ON_CHANNEL = "program.not-on-channel", NotFound, 404,
        "This mini program is not offered here.", "该小程序不支持当前渠道。";
        "Open it on your phone.", "请在手机上打开。";
    PROGRAM_PAGE_NOT_FOUND = "program.page-not-found", NotFound, 404,
        "The mini program has no such page.", "小程序没有该页面。";
        "Open its first page.", "请打开小程序首页。";
    PROGRAM_ID_TAKEN = "program.id-taken", Conflict, 409,
        "This program id belongs to another publisher.", "该程序标识已属于其他发布方。";
        "Choose an id under your own name.", "请使用自己名下的标识。";
    PROGRAM_CONFIG_UNKNOWN = "program.config-unknown", NotFound, 404,
        "The program declares no such setting.", "程序没有声明该配置项。";
        "Set one of the values under xitai.config of its manifest.", "请设置清单 xitai.config 中声明的值。";
}
