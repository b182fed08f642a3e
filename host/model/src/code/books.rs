//! The bank's books: closed days and statements.

codes! {
    BOOKS_DAY = "books.day", Invalid, 422,
        "This is no day of the calendar.", "日期不正确。";
        "Write it as 2026-11-27.", "请按 2026-11-27 的格式填写。";
    BOOKS_NOT_FOUND = "books.not-found", NotFound, 404,
        "There is no statement for this day.", "该日没有对账单。";
        "Choose a day that is closed and on which money moved.", "请选择已日终且有资金变动的日期。";
    BOOKS_DIFFER = "books.differ", Conflict, 409,
        "The ledger's entries of this day are not those that were closed.", "该日账目与日终时不一致。";
        "Run `xitai verify` and tell the duty officer.", "请运行 xitai verify 核对，并通知值班人员。";
    LIMIT_STATEMENT = "limit.statement-entries", Limited, 409,
        "The statement has too many entries to be given out whole.", "对账单笔数过多，无法整份导出。";
        "Read the totals in the list of statements.", "请在对账单列表中查看汇总。";
}
