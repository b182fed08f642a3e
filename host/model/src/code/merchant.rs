//! Merchants, their contracts, and what two people of head office set together.

codes! {
    MERCHANT_NOT_FOUND = "merchant.not-found", NotFound, 404,
        "There is no such merchant.", "没有找到该商户。";
        "Choose one from the list.", "请从列表中选择。";
    MERCHANT_TAKEN = "merchant.taken", Conflict, 409,
        "This merchant id is taken.", "该商户编号已被使用。";
        "Choose another id; this one belongs to somebody.", "请选择其他编号，该编号已有归属。";
    MERCHANT_NO_CONTRACT = "merchant.no-contract", Conflict, 409,
        "This merchant can't be paid in this currency yet.", "该商户尚未开通此币种收款。";
        "Have head office agree on a contract with the merchant.", "请联系总行与该商户签订收费合同。";
    MERCHANT_CLOSED = "merchant.closed", Conflict, 409,
        "This merchant takes no more payments.", "该商户已停止收款。";
        "Pay elsewhere, or ask the branch.", "请选择其他商户，或咨询分行。";
    MERCHANT_TERMS = "merchant.terms", Invalid, 422,
        "These terms can't be set.", "收费条款不符合要求。";
        "Give each currency basis points up to 2,000, amounts that are not negative, and a most that is not below the least.", "请为每个币种填写不超过 2000 的基点及非负金额，封顶不得低于保底。";
    MERCHANT_SHOPS = "merchant.shops", Invalid, 422,
        "The shops can't be kept like this.", "门店信息不符合要求。";
        "Name each shop and table; at most 50 shops of at most 200 tables.", "请填写门店及桌台名称，最多 50 家门店，每店最多 200 个桌台。";
    MERCHANT_PEOPLE = "merchant.people", Invalid, 422,
        "The people can't be kept like this.", "人员信息不符合要求。";
        "Name each person once, at most 50, one of them an owner.", "每人只填写一次，最多 50 人，且至少有一位负责人。";
    MERCHANT_WISH = "merchant.wish", Invalid, 422,
        "A field of the application is missing or wrong.", "申请信息缺失或有误。";
        "Fill in name, licence, category of four digits, city, contact and settlement account.", "请填写名称、执照号、四位类别码、城市、联系方式和结算账户。";
    MERCHANT_APPLICATION_NOT_FOUND = "merchant.application-not-found", NotFound, 404,
        "There is no such application.", "没有找到该申请。";
        "Choose one from the list.", "请从列表中选择。";
    MERCHANT_APPLICATION_STATE = "merchant.application-state", Conflict, 409,
        "The application's present state doesn't allow this.", "该申请当前状态不允许此操作。";
        "Look at the application again.", "请重新查看该申请。";
    MERCHANT_APPLICATIONS_OPEN = "merchant.applications-open", Limited, 429,
        "Too many of your applications wait already.", "您待处理的申请过多。";
        "Wait for head office to decide on them.", "请等待总行处理。";

    PROPOSAL_NONE = "proposal.none", Conflict, 409,
        "Nothing waits for a second person here.", "此处没有待复核的内容。";
        "Look at it again; it may have been decided.", "请重新查看，可能已有结论。";
    PROPOSAL_DIFFERS = "proposal.differs", Conflict, 409,
        "What you decided on is not what is proposed now.", "您复核的内容与当前提议不一致。";
        "Look at the proposal again and decide on what it says now.", "请重新查看提议内容后再作决定。";
    PROPOSAL_OWN_WORK = "proposal.own-work", NotGranted, 403,
        "Nobody decides on their own proposal.", "不能复核本人提出的内容。";
        "Ask another person to decide.", "请由其他人员复核。";
    PROPOSAL_NOTE_MISSING = "proposal.note-missing", Invalid, 422,
        "A reason is missing.", "缺少原因说明。";
        "Say in a few words why.", "请用几个字说明原因。";
}
