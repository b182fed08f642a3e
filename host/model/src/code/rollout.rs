//! Rollouts: to whom releases go, freeze windows, permissions held back.

codes! {
    ROLLOUT_PERCENT = "rollout.percent", Invalid, 422,
        "The percentage is not within 0 and 100, or not where the change says.", "百分比不在 0 到 100 之间，或与所选操作不符。";
        "Use a number from 0 to 100 with at most four decimals; raise goes up, lower goes down.", "请使用 0 到 100、最多四位小数的数值；放量须调高，缩量须调低。";
    ROLLOUT_BRANCH_NOT_OPENED = "rollout.branch-not-opened", NotGranted, 403,
        "Head office has not opened the program for this branch.", "总行尚未向该网点开放此程序。";
        "Ask head office to open it.", "请联系总行开放。";
    ROLLOUT_NOT_FOUND = "rollout.not-found", NotFound, 404,
        "The program is rolled out nowhere.", "该程序尚未上线。";
        "Have head office open an approved release.", "请由总行开放已批准的版本。";
    ROLLOUT_MOVED = "rollout.moved", Conflict, 409,
        "Somebody else has changed this rollout since you looked.", "您查看之后，他人已修改该发布。";
        "Look at it again, then decide.", "请重新查看后再操作。";
    ROLLOUT_FROZEN = "rollout.frozen", Unavailable, 409,
        "Releases are frozen here at the moment.", "当前处于封网期，不得扩大发布。";
        "Wait until the freeze is over, or have two people let the program through.", "请等待封网结束，或由两人批准例外。";
    ROLLOUT_NO_STAGE = "rollout.no-stage", NotFound, 404,
        "This release is not being rolled out.", "该版本不在发布中。";
        "Set the release for a share of customers first.", "请先为该版本设置发布比例。";
    ROLLOUT_BASE = "rollout.base", Conflict, 409,
        "Everybody falls back on this release; there is none behind it.", "该版本是基线版本，其后没有可回退的版本。";
        "Roll back to another release, or stop the program.", "请回退到其他版本，或停用该程序。";
    ROLLOUT_PAUSED = "rollout.paused", Conflict, 409,
        "This release is paused.", "该版本已暂停发布。";
        "Resume it, or roll back.", "请恢复发布，或回退。";
    ROLLOUT_HALTED = "rollout.halted", Conflict, 409,
        "This release was halted over its figures.", "该版本因指标异常已自动停止发布。";
        "Look at the figures; then resume it or roll back.", "请查看指标后恢复发布或回退。";
    ROLLOUT_RUNNING = "rollout.running", Conflict, 409,
        "This is how it stands already.", "该发布已处于此状态。";
        "Nothing needs to be done.", "无需操作。";
    ROLLOUT_AUDIENCE = "rollout.audience", Invalid, 422,
        "The audience can't be used.", "受众设置有误。";
        "Give known places and questions, at most 2,000 customers, and a window that ends after it begins.", "请填写有效的机构和条件，最多 2000 名客户，结束时间须晚于开始时间。";
    ROLLOUT_THRESHOLDS = "rollout.thresholds", Invalid, 422,
        "The thresholds can't be used.", "阈值设置有误。";
        "Keep rates within 10,000 and the window within an hour.", "比率不超过 10000，时间窗不超过一小时。";
    ROLLOUT_PLAN = "rollout.plan", Invalid, 422,
        "The planned steps can't be used.", "计划步骤有误。";
        "Give at most 20 steps in order of time.", "最多 20 步，按时间先后排列。";
    ROLLOUT_STAGES = "rollout.stages", Limited, 422,
        "Too many releases are rolled out at once.", "同时发布的版本过多。";
        "Finish one or roll back first.", "请先完成或回退一个版本。";
    ROLLOUT_REASON = "rollout.reason", Invalid, 422,
        "The reason is missing, too long or has control characters.", "说明缺失、过长或含控制字符。";
        "Say in a sentence why.", "请用一句话说明原因。";
    ROLLOUT_PERMISSION = "rollout.permission", Invalid, 422,
        "This permission can't be held back here.", "该权限无法在此暂缓。";
        "Name a permission that a release of the program was approved with.", "请填写该程序版本已获批准的权限。";

    PERMISSION_WITHHELD = "permission.withheld", NotGranted, 403,
        "The bank holds this permission back for now.", "银行暂未放开该权限。";
        "Go on without it; head office may release it later.", "请在没有该权限的情况下继续，总行可能稍后放开。";

    SETTING_VALUE = "setting.value", Invalid, 422,
        "A setting's value doesn't fit its kind.", "配置项的值与其类型不符。";
        "Give a text, an amount such as 12.50 CNY, a declared endpoint's name, or a payee such as merchant:tea-house.", "请填写文字、金额（如 12.50 CNY）、已声明的接口名，或收款方（如 merchant:tea-house）。";
    PROMOTION_SCOPE = "promotion.scope", Invalid, 422,
        "A program is promoted to a region or to the bank, and to more than it has.", "只能推广到更大的区域或全行。";
        "Name a region, or the bank.", "请选择区域或全行。";
    PROMOTION_NOT_FOUND = "promotion.not-found", NotFound, 404,
        "No promotion of this program was proposed.", "没有该程序的推广申请。";
        "Propose the promotion first, at the program's page.", "请先在程序页面提交推广申请。";

    SEMVER_TAKES_MORE = "semver.takes-more", NotGranted, 422,
        "A minor or patch release asks for more than the one before.", "小版本或补丁版本申请了更多权限。";
        "It goes to a full review; ask only for what it needs, or raise the major version.", "将进行完整审核；请只申请所需内容，或提升主版本号。";
    SEMVER_READS_LESS = "semver.reads-less", Conflict, 422,
        "A minor or patch release stops reading what the one before it read.", "小版本或补丁版本不再读取先前能读取的数据格式。";
        "List the schema under reads again, or raise the major version.", "请在 reads 中恢复该格式，或提升主版本号。";
    CONTRACT_DEPRECATED = "contract.deprecated", Invalid, 422,
        "The program uses an interface that will go away.", "程序使用了即将停用的接口。";
        "Use the interface named in its place before the date given.", "请在所示日期前改用所示接口。";
    CONTRACT_SUNSET = "contract.sunset", Invalid, 422,
        "The program uses an interface that no new release may use any more.", "程序使用了新版本不得再用的接口。";
        "Use the interface named in its place.", "请改用所示接口。";

    FREEZE_NOT_FOUND = "freeze.not-found", NotFound, 404,
        "There is no such freeze.", "没有找到该封网安排。";
        "Look for it in the calendar.", "请在日历中查找。";
    FREEZE_WINDOW = "freeze.window", Invalid, 422,
        "The window is empty or too long.", "封网时间为空或过长。";
        "Let it end after it begins, within 90 days.", "结束须晚于开始，且不超过 90 天。";
    FREEZE_OVER = "freeze.over", Conflict, 409,
        "The freeze is over.", "该封网已结束。";
        "Nothing needs to be done.", "无需操作。";
    FREEZE_EXCEPTIONS = "freeze.exceptions", Limited, 422,
        "Too many programs are let through.", "例外程序过多。";
        "End the freeze instead, or let programs through one by one as they need it.", "请直接结束封网，或按需逐个放行。";
    FREEZE_TOO_MANY = "freeze.too-many", Limited, 422,
        "Too many freezes are planned.", "封网安排过多。";
        "End or shorten freezes that are planned; the calendar lists them.", "请在日历中结束或缩短已安排的封网。";
}
