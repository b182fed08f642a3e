//! Limits that a program can meet; the numbers stand in [`crate::limits`].

codes! {
    LIMIT_SCREEN_NODES = "limit.screen-nodes", Limited, 422,
        "The screen has too many parts.", "页面元素过多。";
        "Show at most 1,000 nodes; page long lists with items and more.", "最多显示 1000 个节点，长列表请分页。";
    LIMIT_SCREEN_DEPTH = "limit.screen-depth", Limited, 422,
        "The screen is nested too deeply.", "页面嵌套层级过深。";
        "Nest at most 30 levels.", "最多嵌套 30 层。";
    LIMIT_SCREEN_BYTES = "limit.screen-bytes", Limited, 422,
        "The screen is too large.", "页面数据过大。";
        "Keep a screen below 128 KiB; page long lists.", "页面请保持在 128 KiB 以内，长列表请分页。";
    LIMIT_SCREEN_TEXT = "limit.screen-text", Limited, 422,
        "A text of the screen is too long.", "页面中有文字过长。";
        "Keep each text below 4,000 characters.", "每段文字请保持在 4000 个字符以内。";
    LIMIT_STATE_BYTES = "limit.state-bytes", Limited, 422,
        "The state is too large.", "程序状态数据过大。";
        "Keep state below 64 KiB and put the rest into storage.", "状态请保持在 64 KiB 以内，其余写入存储。";
    LIMIT_STORAGE_VALUE = "limit.storage-value", Limited, 422,
        "The value is too large.", "存储的值过大。";
        "Keep a value below 1 MiB.", "每个值请保持在 1 MiB 以内。";
    LIMIT_STORAGE_TOTAL = "limit.storage-total", Limited, 422,
        "This customer's storage in the program is full.", "该客户在本程序中的存储空间已满。";
        "Remove what is no longer needed; the total is 10 MiB.", "请删除不再需要的数据，总量上限 10 MiB。";
    LIMIT_STORAGE_KEY = "limit.storage-key", Limited, 422,
        "The key or name is too long.", "键或名称过长。";
        "Keep keys and names within 256 bytes.", "键和名称请保持在 256 字节以内。";
    LIMIT_HOST_CALLS = "limit.host-calls", Limited, 429,
        "Too many host calls in one event.", "单次事件中的主机调用过多。";
        "Make at most 100 calls an event; read lists by the page.", "每次事件最多调用 100 次，列表请按页读取。";
    LIMIT_TICKETS = "limit.tickets", Limited, 429,
        "Too many sheets are waiting in this session.", "本会话中待处理的票据过多。";
        "Finish or drop open payments first; 8 may wait.", "请先完成或放弃现有付款，最多 8 个。";
    LIMIT_WAKEUPS = "limit.wakeups", Limited, 429,
        "Too many wake-ups are waiting in this session.", "本会话中等待的唤醒过多。";
        "Cancel some first; 32 may wait.", "请先取消一些，最多 32 个。";
    LIMIT_WATCHES = "limit.watches", Limited, 422,
        "The step watches too many names.", "监听的名称过多。";
        "Watch at most 8 names.", "最多监听 8 个名称。";
    LIMIT_EFFECTS = "limit.effects", Limited, 422,
        "The step has too many effects.", "单步效果过多。";
        "Give at most 8 effects a step.", "每步最多 8 个效果。";
    LIMIT_ORDER_LINES = "limit.order-lines", Limited, 422,
        "The order has too many lines.", "订单明细过多。";
        "Give at most 100 lines.", "最多 100 行明细。";
    LIMIT_ORDER_SPLITS = "limit.order-splits", Limited, 422,
        "The order has too many shares.", "订单分账过多。";
        "Give at most 10 shares.", "最多 10 份分账。";
    LIMIT_ORDER_TEXT = "limit.order-text", Limited, 422,
        "A text of the order is too long.", "订单文字过长。";
        "Keep each text of an order within 256 bytes.", "订单每段文字请保持在 256 字节以内。";
    LIMIT_LOG = "limit.log", Limited, 429,
        "Too many or too long log lines; the rest was dropped.", "日志行过多或过长，其余已丢弃。";
        "Write at most 50 lines of 2 KiB a call.", "每次调用最多 50 行，每行 2 KiB。";
    LIMIT_INBOX = "limit.inbox", Limited, 429,
        "Too many events are waiting for the session.", "会话中等待的事件过多。";
        "Send fewer notices; 64 may wait.", "请减少通知，最多等待 64 个。";
    LIMIT_QUERY_TEXT = "limit.query-text", Limited, 422,
        "The text to search for is too long.", "搜索文字过长。";
        "Search for at most 256 bytes.", "搜索文字请保持在 256 字节以内。";
    LIMIT_PARTNER_CALLS = "limit.partner-calls", Limited, 429,
        "Too many calls to partners are open.", "等待应答的合作方调用过多。";
        "Wait for replied; a session may have 4 calls open.", "请等待 replied 事件，每个会话最多 4 个未完成的调用。";
    LIMIT_PARTNER_REQUEST = "limit.partner-request", Limited, 422,
        "The request to the partner is too large.", "发给合作方的请求过大。";
        "Send at most 64 KiB.", "请求内容请保持在 64 KiB 以内。";
    LIMIT_PARTNER_SEALED = "limit.partner-sealed", Limited, 422,
        "The request has too many secure fields.", "请求中的安全字段过多。";
        "Put at most 8 secure fields into one request.", "每个请求最多放 8 个安全字段。";
    LIMIT_SECURE_FIELDS = "limit.secure-fields", Limited, 429,
        "Too many secure fields are open.", "未完成的安全字段过多。";
        "Use the fields that are open; 8 may be.", "请先使用已打开的字段，最多同时打开 8 个。";
    LIMIT_WEBHOOK = "limit.webhook", Limited, 413,
        "The message is too large.", "消息过大。";
        "Send at most 64 KiB.", "消息请保持在 64 KiB 以内。";
    LIMIT_PAYMENT_OPERATIONS = "limit.payment-operations", Limited, 409,
        "Too much was done to this payment already.", "该付款的操作次数过多。";
        "Refund and capture in fewer parts.", "请减少请款和退款的次数。";
    LIMIT_FORM_VALUES = "limit.form-values", Limited, 422,
        "The form has too many values.", "表单提交的值过多。";
        "Submit at most 100 values.", "最多提交 100 个值。";
    LIMIT_EVENT_TEXT = "limit.event-text", Limited, 422,
        "A value of the event is too long.", "事件中的值过长。";
        "Keep each value below 4,000 characters.", "每个值请保持在 4000 个字符以内。";
}
