//! Publishing: what is wrong with a package, its manifest or its component, and how a review goes.

codes! {
    RELEASE_NOT_FOUND = "release.not-found", NotFound, 404,
        "There is no such release.", "没有找到该版本。";
        "Look for it in the list of releases.", "请在版本列表中查找。";
    RELEASE_STATE = "release.state", Conflict, 409,
        "The release's present state doesn't allow this.", "该版本当前状态不允许此操作。";
        "Read the release again and decide by its state.", "请重新读取版本状态后再决定。";
    RELEASE_NOT_APPROVED = "release.not-approved", Conflict, 409,
        "The release is not approved.", "该版本尚未批准。";
        "Have two reviewers approve it first.", "请先由两名审核人批准。";
    RELEASE_STORAGE_UNREADABLE = "release.storage-unreadable", Conflict, 409,
        "The live release couldn't read what this one would store.", "现行版本无法读取该版本写入的数据。";
        "First roll out a release that reads the new storage schema.", "请先上线能读取新存储格式的版本。";

    REVIEW_SAME_PERSON = "review.same-person", NotGranted, 403,
        "You have already signed off this package.", "您已审核过该程序包。";
        "Another person must decide.", "请由另一人审核。";
    REVIEW_OWN_WORK = "review.own-work", NotGranted, 403,
        "Nobody reviews what they have uploaded.", "不能审核自己上传的程序包。";
        "Another person must decide.", "请由另一人审核。";
    REVIEW_DIGEST_DIFFERS = "review.digest-differs", Conflict, 409,
        "The decision names another package than the one in review.", "审核决定所指的程序包与待审包不一致。";
        "Load the review again and decide on what it shows.", "请重新打开审核单后再决定。";
    REVIEW_NOT_FOUND = "review.not-found", NotFound, 404,
        "There is no such review.", "没有找到该审核单。";
        "Look for it in the review queue.", "请在审核队列中查找。";
    REVIEW_NOTE_MISSING = "review.note-missing", Invalid, 422,
        "A release is not sent back without a reason.", "退回版本需要说明原因。";
        "Say what must be mended.", "请说明需要修改的内容。";
    REVIEW_NOTE_LONG = "review.note-long", Limited, 422,
        "The note is too long.", "说明过长。";
        "Keep it below 2,000 characters.", "请控制在 2000 字以内。";
    REVIEW_DESK = "review.desk", NotGranted, 403,
        "Nobody asks for this desk's word on the release.", "该版本不需要此部门会签。";
        "Sign for a desk that the review names and that you work at.", "请以审核单列出的、您所在的部门身份会签。";
    REVIEW_DESK_DONE = "review.desk-done", Conflict, 409,
        "This desk has said all that it must.", "该部门已完成会签。";
        "Let the other desks decide; the review names those that are missing.", "请等待其他部门会签，审核单列出了尚缺的部门。";
    REVIEW_POINT = "review.point", Invalid, 422,
        "The checklist has no such point.", "检查清单中没有该项。";
        "Use h1 to h8.", "请使用 h1 至 h8。";
    REVIEW_CHECKLIST_OPEN = "review.checklist-open", Conflict, 409,
        "Points of the checklist are not ticked yet.", "检查清单尚未全部勾选。";
        "Look at each, tick it, and approve then.", "请逐项核对勾选后再批准。";
    REVIEW_FINDINGS_OPEN = "review.findings-open", Conflict, 409,
        "A finding must be accepted by a reviewer first.", "有检查结果须先由审核人接受。";
        "Weigh it, accept it with a reason, or return the release.", "请评估后说明理由接受，或退回该版本。";
    REVIEW_FINDING = "review.finding", Invalid, 422,
        "The release has no such finding that must be accepted.", "该版本没有需要接受的此项检查结果。";
        "Name it by its code and place, as the review shows it.", "请按审核单所示的代码和位置填写。";
    REVIEW_ACCEPT_REASON = "review.accept-reason", Invalid, 422,
        "A finding is not accepted without a reason.", "接受检查结果需要说明理由。";
        "Say why no customer comes to harm by it.", "请说明为何不会给客户造成损害。";
    REVIEW_APPEALED = "review.appealed", NotGranted, 403,
        "You have decided on this release before; its publisher appealed.", "您已审核过该版本，发布方已申请复审。";
        "Let others decide: an appeal is heard by people who have not decided before.", "请由他人审核：申诉须由未作过决定的人处理。";
    REVIEW_APPEALS_OVER = "review.appeals-over", Conflict, 409,
        "There is no appeal left against this return.", "该退回不能再申请复审。";
        "Mend what the reasons name and upload another release.", "请按退回原因修改后上传新版本。";
    TRIAL_NOT_CHECKED = "trial.not-checked", Conflict, 409,
        "The machine has not passed the release.", "该版本尚未通过机器检查。";
        "Wait for the inspection, or mend what it found.", "请等待检查完成，或按检查结果修改。";
    TRIAL_TESTERS = "trial.testers", Limited, 422,
        "A trial has 1 to 50 testers.", "体验版可邀请 1 至 50 名体验者。";
        "Name 1 to 50 customers by their sign-in names.", "请填写 1 至 50 位客户的登录名。";
    TRIAL_TESTER_UNKNOWN = "trial.tester-unknown", NotFound, 404,
        "There is no customer of this sign-in name.", "没有该登录名的客户。";
        "Ask the tester for the name that they sign in with.", "请向体验者确认其登录名。";
    TRIAL_TIME = "trial.time", Limited, 422,
        "A trial lasts 1 to 30 days.", "体验期为 1 至 30 天。";
        "Choose fewer days; another trial can follow.", "请缩短天数，结束后可再次开启。";
    TRIAL_NOT_FOUND = "trial.not-found", NotFound, 404,
        "There is no trial that is open to you.", "没有对您开放的体验版。";
        "Ask its publisher to name you as a tester.", "请联系发布方将您添加为体验者。";
    TRIAL_OVER = "trial.over", Conflict, 409,
        "The trial is over.", "体验已结束。";
        "Open another trial from the release's page at /publisher.", "请在发布方页面的版本页重新开启体验。";
    TRIAL_CLOSED = "trial.closed", Invalid, 422,
        "This does nothing in practice.", "练习模式下不能使用此功能。";
        "Use the live release for this; in practice nothing of it would happen.", "请在正式版本中使用，练习模式下不会真正执行。";

    PACKAGE_MALFORMED = "package.malformed", Invalid, 422,
        "The package is not a readable ZIP file.", "程序包不是可读取的 ZIP 文件。";
        "Make the package with xitai build, and change nothing in it afterwards.", "请用 xitai build 生成，之后不要改动。";
    PACKAGE_TRUNCATED = "package.truncated", Invalid, 422,
        "The package breaks off before its end.", "程序包不完整。";
        "Upload it again; if it breaks off again, build it again with xitai build.", "请重新上传；如仍中断，请用 xitai build 重新构建。";
    PACKAGE_TOO_LARGE = "package.too-large", Limited, 413,
        "The package is too large.", "程序包过大。";
        "Keep it below 2 MiB, or 32 MiB with carries_runtime.", "请保持在 2 MiB 以内；带语言运行时的可到 32 MiB。";
    PACKAGE_ZIP_BOMB = "package.zip-bomb", Limited, 422,
        "The package unpacks to far more than it weighs.", "程序包解压后过大。";
        "Keep it below 64 MiB unpacked.", "解压后请保持在 64 MiB 以内。";
    PACKAGE_TOO_MANY_FILES = "package.too-many-files", Limited, 422,
        "The package has too many files.", "程序包文件过多。";
        "Keep it within 500 files.", "请保持在 500 个文件以内。";
    PACKAGE_PATH_TRAVERSAL = "package.path-traversal", Invalid, 422,
        "A file's name leads outside the package.", "包内文件名指向程序包之外。";
        "Use plain relative names.", "请使用普通的相对路径。";
    PACKAGE_BAD_NAME = "package.bad-name", Invalid, 422,
        "A file's name is too long, has forbidden characters or stands twice.", "包内文件名过长、含禁用字符或重复。";
        "Use short plain names that differ also in lower case.", "请使用简短且忽略大小写后仍不重复的文件名。";
    PACKAGE_UNSUPPORTED = "package.unsupported", Invalid, 422,
        "The package uses encryption or an unusual compression.", "程序包使用了加密或不支持的压缩方式。";
        "Store or deflate the files, without a password; xitai build does.", "请使用存储或 deflate 方式且不加密，xitai build 即如此。";
    PACKAGE_NO_MANIFEST = "package.no-manifest", Invalid, 422,
        "The package has no manifest.json.", "程序包缺少 manifest.json。";
        "Put manifest.json at the top of the package.", "请将 manifest.json 放在包的顶层。";
    PACKAGE_NO_COMPONENT = "package.no-component", Invalid, 422,
        "The component that the manifest names is not in the package.", "程序包中没有清单所指的组件。";
        "Name the component's path under xitai.component.", "请在 xitai.component 中填写组件路径。";
    PACKAGE_FILE_MISSING = "package.file-missing", Invalid, 422,
        "A file that the manifest names is not in the package.", "程序包缺少清单引用的文件。";
        "Add the file or correct its name.", "请添加文件或更正文件名。";
    PACKAGE_OTHER_PROGRAM = "package.other-program", Conflict, 409,
        "The package is of another program.", "程序包属于另一个程序。";
        "Upload it under its own app_id.", "请在其自己的 app_id 下上传。";
    PACKAGE_VERSION_DOWN = "package.version-down", Conflict, 409,
        "The version code is not above the ones before.", "版本号没有递增。";
        "Raise version.code and version.name.", "请提高 version.code 和 version.name。";
    PACKAGE_VERSION_SAME_BYTES_DIFFER = "package.version-same-bytes-differ", Conflict, 409,
        "This version was uploaded before with other bytes.", "该版本已上传过，但内容不同。";
        "Give the new package a new version.", "请为新包使用新的版本号。";

    MANIFEST_MALFORMED = "manifest.malformed", Invalid, 422,
        "The manifest is not JSON.", "清单不是有效的 JSON。";
        "Correct the JSON at the line and column that the finding names.", "请按提示的行列修改 JSON。";
    MANIFEST_MISSING = "manifest.missing", Invalid, 422,
        "The manifest lacks a member.", "清单缺少必要成员。";
        "Add the member that the finding names; xitai new writes a whole manifest to compare with.", "请补充提示的成员；可参照 xitai new 生成的清单。";
    MANIFEST_TYPE = "manifest.type", Invalid, 422,
        "A member of the manifest has the wrong type.", "清单成员类型错误。";
        "Write the member as the type that the finding expects.", "请按提示的类型填写该成员。";
    MANIFEST_UNKNOWN_MEMBER = "manifest.unknown-member", Invalid, 422,
        "The manifest has a member that nobody reads.", "清单中有未知成员。";
        "Remove it, or correct its name.", "请删除或更正其名称。";
    MANIFEST_APP_ID = "manifest.app-id", Invalid, 422,
        "The app_id is not a program id.", "app_id 不是有效的程序标识。";
        "Use a reversed domain in lower case, such as cn.bank.suzhou.canteen.", "请使用小写的反向域名，例如 cn.bank.suzhou.canteen。";
    MANIFEST_VALUE = "manifest.value", Invalid, 422,
        "A value of the manifest is not allowed.", "清单中有不允许的值。";
        "Use a value within what the finding says is allowed.", "请在提示允许的范围内取值。";
    MANIFEST_NAME_ALIKE = "manifest.name-alike", Invalid, 422,
        "A name reads like that of another publisher's program.", "名称与其他发布方的程序相似。";
        "Choose a name that customers can't take for the other one.", "请改用不会与之混淆的名称。";
    MANIFEST_VERSION = "manifest.version", Invalid, 422,
        "The version is not a semantic version with a code above zero.", "版本不是有效的语义化版本或版本号为零。";
        "Use a name such as 1.2.0 and a whole code that grows.", "请使用如 1.2.0 的名称和递增的整数版本号。";
    MANIFEST_PLATFORM = "manifest.platform", Invalid, 422,
        "The program needs a newer platform than this.", "程序要求更新的平台版本。";
        "Lower platform_version.min_code or wait for the platform.", "请降低 platform_version.min_code 或等待平台升级。";
    MANIFEST_PAGES = "manifest.pages", Invalid, 422,
        "The pages are missing, stand twice or have odd names.", "页面缺失、重复或名称不规范。";
        "Name each page once, such as pages/index; the first is the entry.", "每个页面列出一次，例如 pages/index，第一个为入口。";
    MANIFEST_PERMISSION_UNKNOWN = "manifest.permission-unknown", Invalid, 422,
        "There is no such permission.", "没有该权限。";
        "Name an interface of the contract, such as xitai:payments/payments.", "请使用接口名，例如 xitai:payments/payments。";
    MANIFEST_PERMISSION_TWICE = "manifest.permission-twice", Invalid, 422,
        "A permission is asked for twice.", "权限重复申请。";
        "Ask for each permission once.", "每项权限只申请一次。";
    MANIFEST_REASON_MISSING = "manifest.reason-missing", Invalid, 422,
        "A permission has no reason.", "权限缺少申请理由。";
        "Say what the program needs it for.", "请说明程序为何需要该权限。";
    MANIFEST_MERCHANT_MISSING = "manifest.merchant-missing", Invalid, 422,
        "The program asks for payments but names no merchant.", "程序申请了支付权限但未填写商户。";
        "Name the merchant who is paid under xitai.merchant.", "请在 xitai.merchant 中填写收款商户。";
    MANIFEST_PAYEE = "manifest.payee", Invalid, 422,
        "A payee can't be understood.", "收款方格式有误。";
        "Use merchant:ID, branch:ID or head-office.", "请使用 merchant:标识、branch:标识 或 head-office。";
    MANIFEST_EGRESS = "manifest.egress", Invalid, 422,
        "A partner system is declared wrongly.", "合作方系统的声明有误。";
        "Give at most 8 endpoints, each with a name of its own, a purpose and known kinds of secure fields.", "最多声明 8 个接口，各有名称、用途和有效的安全字段类型。";
    MANIFEST_SCHEMA = "manifest.schema", Invalid, 422,
        "A schema doesn't read what it writes.", "数据格式声明不包含自身写入的版本。";
        "List the number under writes also under reads.", "请在 reads 中包含 writes 的版本号。";
    MANIFEST_PURPOSE_MISSING = "manifest.purpose-missing", Invalid, 422,
        "The program learns who the customer is but says no purpose.", "程序使用客户身份但未说明用途。";
        "Add xitai.data_purposes: one plain sentence for each use of the customer's identity.", "请填写 xitai.data_purposes，每种用途一句话。";

    COMPONENT_NOT_A_COMPONENT = "component.not-a-component", Invalid, 422,
        "The file is not a WebAssembly component.", "该文件不是 WebAssembly 组件。";
        "Name the component that xitai build made in xitai.component, not a core module.", "请在 xitai.component 中填写 xitai build 生成的组件，而不是核心模块。";
    COMPONENT_CORE_MODULE = "component.core-module", Invalid, 422,
        "The file is a core module, not a component.", "该文件是核心模块，不是组件。";
        "Make a component of it with xitai build.", "请用 xitai build 转为组件。";
    COMPONENT_INVALID = "component.invalid", Invalid, 422,
        "The component's bytes are not valid.", "组件内容无效。";
        "Build it again with xitai build; if it stays, look at the tool's version in the reference of the SDK.", "请用 xitai build 重新构建；如仍如此，请核对 SDK 要求的工具版本。";
    COMPONENT_WRONG_WORLD = "component.wrong-world", Invalid, 422,
        "The component was written for another world.", "组件面向的接口世界不正确。";
        "Build it against xitai:platform.", "请基于 xitai:platform 构建。";
    COMPONENT_IMPORT_UNKNOWN = "component.import-unknown", Invalid, 422,
        "The component imports what this host doesn't have.", "组件导入了本主机没有的接口。";
        "Import only interfaces of the contract.", "请只导入约定的接口。";
    COMPONENT_CONTRACT_NEWER = "component.contract-newer", Invalid, 422,
        "The component was built for a newer contract than this host has.", "组件所用的接口约定版本比本主机的新。";
        "Bring the host or this xitai up to date, or build with an SDK of the version that it serves.", "请升级主机或本 xitai，或用其支持版本的 SDK 重新构建。";
    COMPONENT_CONTRACT_OLDER = "component.contract-older", Invalid, 422,
        "The component was built for an older contract than this host still serves.", "组件所用的接口约定版本过旧，本主机已不支持。";
        "Build it again with an xitai of the host's version, which renews .xitai/platform.", "请用与主机同版本的 xitai 重新构建，它会更新 .xitai/platform。";
    COMPONENT_IMPORT_NOT_GRANTED = "component.import-not-granted", NotGranted, 403,
        "The component imports what was not granted.", "组件导入了未获批准的接口。";
        "Ask for it in the manifest and have it reviewed.", "请在清单中申请并提交审核。";
    COMPONENT_IMPORT_NOT_IN_MANIFEST = "component.import-not-in-manifest", NotGranted, 422,
        "The component imports what the manifest doesn't ask for.", "组件导入了清单未申请的接口。";
        "Add the permission with a reason, or don't use it.", "请在清单中申请并说明理由，或不使用该接口。";
    COMPONENT_PERMISSION_UNUSED = "component.permission-unused", Invalid, 422,
        "The manifest asks for what the component doesn't import.", "清单申请了组件未使用的权限。";
        "Remove the permission from req_permissions, or use the interface.", "请从 req_permissions 删除该权限，或实际使用该接口。";
    COMPONENT_WASI_WITHOUT_GRANT = "component.wasi-without-grant", NotGranted, 422,
        "The component imports WASI without a grant.", "组件未经批准导入了 WASI。";
        "Build without WASI, or ask for each interface with a reason.", "请去除 WASI，或逐项申请并说明理由。";
    COMPONENT_EXPORT_MISSING = "component.export-missing", Invalid, 422,
        "The component doesn't export xitai:program/program.", "组件未导出 xitai:program/program。";
        "Export open and update; in Rust xitai::export! does it, else makeProgram or make_program.", "请导出 open 和 update：Rust 用 xitai::export!，其他语言用 makeProgram 或 make_program。";
    COMPONENT_EXPORT_MISTYPED = "component.export-mistyped", Invalid, 422,
        "An export has another type than the contract's.", "导出的类型与约定不符。";
        "Build it against the contract's own files.", "请使用约定的接口文件构建。";
    COMPONENT_INSTANTIATE = "component.instantiate", Invalid, 422,
        "The component can't be started.", "组件无法启动。";
        "Look at the evidence; start functions must end quickly.", "请查看证据，启动函数须快速结束。";
    COMPONENT_TOO_LARGE = "component.too-large", Limited, 422,
        "The component is too large.", "组件过大。";
        "Build with optimisation and without debug data.", "请优化构建并去除调试信息。";
    COMPONENT_COMPILE_LIMIT = "component.compile-limit", Limited, 422,
        "The component took too long or too much memory to compile.", "组件编译超出时间或内存限制。";
        "Make it smaller; very large functions are slow to compile.", "请减小组件，过大的函数编译很慢。";
    COMPONENT_FEATURE = "component.feature", Invalid, 422,
        "The component uses a WebAssembly feature that is switched off.", "组件使用了已关闭的 WebAssembly 特性。";
        "Build without threads, exceptions, memory64 and garbage collection.", "构建时请勿使用线程、异常、memory64 和垃圾回收。";
}
