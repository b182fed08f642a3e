//! Stops, and what follows from them.

codes! {
    STOP_NOT_FOUND = "stop.not-found", NotFound, 404,
        "There is no such stop.", "没有找到该停用记录。";
        "Look for it in the list of stops.", "请在停用列表中查找。";
    STOP_REASON_MISSING = "stop.reason-missing", Invalid, 422,
        "A stop needs a reason.", "停用需要说明原因。";
        "Say in a few words why.", "请用几个字说明原因。";
    STOP_TARGET = "stop.target", NotFound, 404,
        "Nothing that customers have is named by this.", "没有找到要停用的对象。";
        "Name a program, release, publisher, permission, contract version or place that there is.", "请填写存在的小程序、版本、发布方、权限、合约版本或机构。";
    STOP_SWEEPING = "stop.sweeping", Conflict, 409,
        "The stop is still closing what was open.", "停用仍在处理未完成的事项。";
        "Look at it again in a moment; then it says what a lift would set free.", "请稍后再查看，届时会列出恢复的内容。";
    STOP_STATE = "stop.state", Conflict, 409,
        "The stop is lifted already.", "该停用已解除。";
        "Look at the list of stops again.", "请重新查看停用列表。";
    STOP_HOLDS = "stop.holds", Unavailable, 503,
        "A stop holds this payment.", "该付款因停用而暂缓。";
        "Give the money back, or lift the stop first.", "请退回款项，或先解除停用。";
    STOP_FROZEN = "stop.frozen", Unavailable, 503,
        "This money is frozen while a stop stands.", "停用期间该笔资金已冻结。";
        "Refunds to customers go on; everything else waits for the stop's end.", "可照常向客户退款，其他资金在停用解除后恢复。";

    INCIDENT_NOT_FOUND = "incident.not-found", NotFound, 404,
        "There is no such incident.", "没有找到该事件。";
        "Look for it in the list of incidents.", "请在事件列表中查找。";
    INCIDENT_CLOSED = "incident.closed", Conflict, 409,
        "The incident is closed.", "该事件已结束。";
        "Open a new one that names it.", "请新建事件并注明原事件。";
    INCIDENT_RUNNING = "incident.running", Conflict, 409,
        "That is being done right now.", "该操作正在进行。";
        "Look at it again; its page says how far it is.", "请稍后查看进度。";
    INCIDENT_REPORTED = "incident.reported", Conflict, 409,
        "That the regulator was told is written down already.", "已登记向监管机构报告。";
        "Write what was reported later as a note, with its number.", "后续报告请以记录形式写明其编号。";
    INCIDENT_NOTE_MISSING = "incident.note-missing", Invalid, 422,
        "A text is missing.", "缺少说明文字。";
        "Say in a few words what there is to say.", "请用几个字说明。";
    INCIDENT_SINCE = "incident.since", Invalid, 422,
        "Customers can't be affected from a time that is yet to come.", "影响起始时间不能晚于当前时间。";
        "Name the time at which it began.", "请填写开始影响的时间。";
    INCIDENT_PLAN = "incident.plan", Invalid, 422,
        "This can't be done for all who were affected.", "该方案无法执行。";
        "Name 1 to 100 percent and a reason; or title and text in both languages, without braces.", "请填写 1 至 100 的百分比和理由；或填写中英文标题与正文，不含大括号。";
    INCIDENT_TOO_MANY = "incident.too-many", Limited, 429,
        "There are too many incidents.", "事件数量过多。";
        "Close those that are over.", "请先结束已处理的事件。";
    LIMIT_INCIDENT_NOTES = "limit.incident-notes", Limited, 422,
        "An incident holds no more notes.", "该事件的记录数量已达上限。";
        "Go on in a new incident that names this one.", "请新建事件并注明原事件。";

    ALERT_NOT_FOUND = "alert.not-found", NotFound, 404,
        "There is no such alert.", "没有找到该告警。";
        "Look for it in the list of alerts.", "请在告警列表中查找。";
    ALERT_STATE = "alert.state", Conflict, 409,
        "The alert is not to be told now.", "该告警目前无需通知。";
        "Load the alert again: somebody may have taken it, or it ended.", "请重新加载该告警，可能已有人处理或已结束。";
    DEADLINE_STATE = "deadline.state", Conflict, 409,
        "The deadline is not to be told now.", "该期限目前无需提醒。";
        "Load the page again: it may have been met, or told already.", "请重新加载，该期限可能已完成或已提醒。";
}
