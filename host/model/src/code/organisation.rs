//! The organisation: places and people.

codes! {
    BANK_FOUNDED = "bank.founded", Conflict, 409,
        "There is a bank here already.", "此处已有银行。";
        "Its managers found places and hire people at /console/organisation; another bank takes a database and a folder of its own.", "机构和员工由其总行经理在 /console/organisation 维护；另建银行须使用新的数据库和文件夹。";
    BANK_MANAGERS = "bank.managers", Invalid, 422,
        "A bank does not begin with fewer than two managers.", "银行设立时总行经理不得少于两名。";
        "Name two different people, each by --manager LOGIN=NAME: what weighs takes one who proposes and another who decides.", "请用 --manager 登录名=姓名 分别指定两名不同人员：重要事项须一人提出、另一人决定。";
    BANK_NAMED_TWICE = "bank.named-twice", Invalid, 422,
        "Somebody is named twice.", "同一人员出现了两次。";
        "Name each person once, by a login of their own; further roles are given at /console/organisation.", "请为每人指定各自的登录名，且只列一次；其他角色在 /console/organisation 授予。";
    PLACE_NOT_FOUND = "place.not-found", NotFound, 404,
        "There is no such place.", "没有找到该机构。";
        "Look for it in the organisation.", "请在组织架构中查找。";
    PLACE_TAKEN = "place.taken", Conflict, 409,
        "There is a place of this id.", "该机构标识已被使用。";
        "Choose another id; one that was closed is never given again.", "请换一个标识；已关闭机构的标识不再启用。";
    PLACE_NAME = "place.name", Invalid, 422,
        "The place's name can't be used.", "机构名称不可用。";
        "Use 1 to 80 plain characters.", "请使用 1 到 80 个普通字符。";
    PLACE_KIND = "place.kind", Invalid, 422,
        "A place of this kind can't lie there.", "该类机构不能放在此处。";
        "Regions lie below the bank, branches below regions, merchants and partners below branches.", "省分行归总行，网点归分行，商户和合作方归网点。";
    PLACE_RING = "place.ring", Conflict, 409,
        "A place can't lie below itself.", "机构不能归属于自身或其下级。";
        "Choose a place outside of it.", "请选择其之外的机构。";
    PLACE_BANK = "place.bank", Conflict, 409,
        "The bank itself stays where it is.", "总行不能移动、合并或关闭。";
        "Change a place below it.", "请选择其下级机构。";
    PLACE_NOT_EMPTY = "place.not-empty", Conflict, 409,
        "There are open places below it.", "其下仍有在用机构。";
        "Move, merge or close those first.", "请先移动、合并或关闭下级机构。";
    PLACE_OVER = "place.over", Conflict, 409,
        "The place was closed or merged.", "该机构已关闭或合并。";
        "Choose one that is open.", "请选择在用机构。";
    STAFF_NOT_FOUND = "staff.not-found", NotFound, 404,
        "There is no such member of staff.", "没有找到该员工。";
        "Look for them in the organisation.", "请在组织架构中查找。";
    STAFF_TAKEN = "staff.taken", Conflict, 409,
        "There is somebody of this id.", "该员工标识已被使用。";
        "Choose another id; those of closed accounts are not given again.", "请换一个标识，已停用账号的标识不再启用。";
    STAFF_ACCESS = "staff.access", Invalid, 422,
        "These rights don't go together.", "这些权限不能同时授予。";
        "Each role once, at an open place; a developer has a publisher and no other role.", "每个角色只列一次且机构在用；开发者须有发布方且不兼任其他角色。";
    STAFF_CLOSED = "staff.closed", Conflict, 409,
        "The account is closed.", "该账号已停用。";
        "Open it again first.", "请先重新启用。";
    STAFF_OPEN = "staff.open", Conflict, 409,
        "The account is open.", "该账号正在使用。";
        "Nothing needs to be done: the account can be used.", "无需操作，该账号可以使用。";
    STAFF_REASON = "staff.reason-missing", Invalid, 422,
        "An account is not closed without a reason.", "停用账号需要说明原因。";
        "Say in a few words why.", "请用几个字说明原因。";
    PUBLISHER_NOT_FOUND = "publisher.not-found", NotFound, 404,
        "There is no such publisher.", "没有找到该发布方。";
        "Look for it in the list of publishers.", "请在发布方列表中查找。";
    PUBLISHER_NOT_QUALIFIED = "publisher.not-qualified", NotGranted, 403,
        "The publisher is not qualified.", "该发布方尚未取得资质。";
        "File your documents at /publisher/qualification; head office decides.", "请在资质页面提交材料，由总行审核。";
    PUBLISHER_EXPIRED = "publisher.expired", NotGranted, 403,
        "The publisher's qualification is over.", "该发布方的资质已到期。";
        "Renew it at /publisher/qualification.", "请在资质页面申请续期。";
    PUBLISHER_CATEGORY = "publisher.category", NotGranted, 403,
        "The program's category is not among those that the publisher is qualified for.", "程序类别不在该发布方获批的类别之内。";
        "Correct xitai.category, or apply for the category.", "请更正 xitai.category，或申请该类别。";
    PUBLISHER_LAPSED = "publisher.lapsed", Unavailable, 503,
        "The program's publisher has no valid licence at the moment.", "该程序的发布方目前没有有效资质。";
        "Come back later; payments and receipts stay yours.", "请稍后再来；您的支付和凭证不受影响。";
    PUBLISHER_FILING = "publisher.filing", Invalid, 422,
        "The application is not complete.", "申请材料不完整。";
        "Name categories and an exit plan, and add a document that has not expired.", "请填写类别和退出方案，并上传未到期的证照。";
    PUBLISHER_GRANT = "publisher.grant", Invalid, 422,
        "The qualification can't be granted like this.", "不能按此授予资质。";
        "Categories that were applied for, a department, a contract, an end before the documents'.", "类别须在申请之内，并填写责任部门、合同和不晚于证照的到期日。";
    PUBLISHER_DOCUMENT = "publisher.document", Invalid, 422,
        "The document can't be taken.", "该文件无法接收。";
        "A picture or PDF with type, number, issuer and an end that is to come.", "请上传图片或 PDF，并填写类型、编号、签发机构和未到的到期日。";
    PUBLISHER_DOCUMENT_NOT_FOUND = "publisher.document-not-found", NotFound, 404,
        "There is no such document.", "没有找到该文件。";
        "Look for it in the publisher's file.", "请在发布方档案中查找。";
    PUBLISHER_APPLICATION_NOT_FOUND = "publisher.application-not-found", NotFound, 404,
        "There is no such application.", "没有找到该申请。";
        "Look for it in the list of applications.", "请在申请列表中查找。";
    PUBLISHER_APPLICATION_STATE = "publisher.application-state", Conflict, 409,
        "The application's state doesn't allow this.", "该申请当前状态不允许此操作。";
        "Read it again and decide by its state.", "请重新读取后再决定。";
    PUBLISHER_APPLICATION_OPEN = "publisher.application-open", Conflict, 409,
        "There is an application that waits.", "已有申请正在审核。";
        "Wait for it, or take it back first.", "请等待结果，或先撤回。";
    PUBLISHER_TAKEN = "publisher.taken", Conflict, 409,
        "There is a publisher of this id.", "该发布方标识已被使用。";
        "Choose another id; it is never given to a second publisher.", "请换一个标识，标识不会给第二个发布方。";
}
