//! The bank's books: closed days and statements.

codes! {
    BOOKS_DAY = "books.day", Invalid, 422,
        "This is no day of the calendar.", "日期不正确。";
        "Write it as 2026-11-27.", "请按 2026-11-27 的格式填写。";
    BOOKS_NOT_FOUND = "books.not-found", NotFound, 404,
        "There is no statement for this day.", "该日没有对账单。";
        "Choose a day that is closed and on which money moved.", "请选择已日终且有资金变动的日期。";
    BOOKS_CURRENCY = "books.currency", Conflict, 409,
        "This day has statements in several currencies.", "该日有多个币种的对账单。";
        "Name one of `currencies`, such as ?currency=CNY.", "请用 ?currency=CNY 指定其中一个币种。";
    BOOKS_DIFFER = "books.differ", Conflict, 409,
        "The ledger's entries of this day are not those that were closed.", "该日账目与日终时不一致。";
        "Run `xitai verify` and tell the duty officer.", "请运行 xitai verify 核对，并通知值班人员。";
    BREAK_NOT_FOUND = "break.not-found", NotFound, 404,
        "There is no such break.", "没有这项差异。";
        "Choose one from the list of breaks.", "请从差异列表中选择。";
    BREAK_CLOSED = "break.closed", Conflict, 409,
        "This break is closed.", "这项差异已关闭。";
        "Read how it was closed; a new difference is a break of its own.", "请查看其关闭方式；新的差异会另行列出。";
    CORRECTION_INVALID = "correction.invalid", Invalid, 422,
        "This transfer can't put the break right.", "此更正不适用于这项差异。";
        "Choose two of the break's accounts, at most what is still at stake, and say why.", "请选择差异所列的两个账户，金额不超过尚未更正的部分，并写明原因。";
    RECONCILIATION_NOT_FOUND = "reconciliation.not-found", NotFound, 404,
        "This day is not reconciled yet.", "该日尚未对账。";
        "Choose a day that is closed.", "请选择已日终的日期。";
    LIMIT_STATEMENT = "limit.statement-entries", Limited, 409,
        "The statement has too many entries to be given out whole.", "对账单笔数过多，无法整份导出。";
        "Read the totals in the list of statements.", "请在对账单列表中查看汇总。";
}
