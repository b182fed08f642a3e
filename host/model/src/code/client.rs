//! What the command `xitai` says by itself, before or instead of a host. They never go over HTTP; the status is what a
//! host would have given.

codes! {
    BUILD_FAILED = "build.failed", Invalid, 422,
        "The program can't be built or packed.", "程序无法构建或打包。";
        "Mend what the tool says above it: the source, the manifest, or a tool that is missing.", "请按上方工具的提示修改源码或清单，或安装缺少的工具。";
    RELEASE_REFUSED = "release.refused", Invalid, 422,
        "The package is not fit to be published.", "程序包不符合发布要求。";
        "Mend each finding that is an error, build and try again.", "请修改每项错误级别的检查结果，重新构建后再试。";
    RELEASE_CHECKING = "release.checking", Busy, 503,
        "The host's inspection is not through yet.", "主机的检查尚未完成。";
        "Ask again in a while with xitai status; nothing needs to be uploaded again.", "请稍后用 xitai status 查看，无需重新上传。";
    CLIENT_UNKNOWN_CODE = "client.unknown-code", NotFound, 404,
        "There is no such code.", "没有该代码。";
        "Run xitai explain without a code for the list.", "运行 xitai explain 查看全部代码。";
    CLIENT_NO_FILE = "client.no-file", NotFound, 404,
        "A file can't be read or written.", "文件无法读取或写入。";
        "Look at its path and at who may read it; the message names it.", "请检查提示中的路径及其读写权限。";
    CLIENT_NOT_WRITTEN = "client.not-written", Unavailable, 503,
        "A folder can't be written.", "文件夹无法写入。";
        "Name a folder that you may write and that has room.", "请指定可写且空间充足的文件夹。";
    CLIENT_BAD_NAME = "client.bad-name", Invalid, 422,
        "This name can't be used here.", "此处不能使用该名称。";
        "Write it as the message says.", "请按提示的格式填写。";
    CLIENT_BAD_RELEASE = "client.bad-release", Invalid, 422,
        "This names no release.", "该名称不是一个版本。";
        "Write ID@VERSION, such as cn.example.tea-house@0.1.0.", "请写成 标识@版本，例如 cn.example.tea-house@0.1.0。";
    CLIENT_FOLDER_EXISTS = "client.folder-exists", Conflict, 409,
        "The folder is there already; nothing in it was touched.", "该文件夹已存在，未作任何改动。";
        "Name one that is not there yet.", "请指定尚不存在的文件夹。";
    CLIENT_NO_DATA = "client.no-data", NotFound, 404,
        "There is no bank, or no backup, at this place.", "此处没有银行数据或备份。";
        "Name its folder by --data, or its database by --database.", "请用 --data 指定文件夹，或用 --database 指定数据库。";
    CLIENT_BAD_BACKUP = "client.bad-backup", Conflict, 409,
        "The backup was brought back, and does not verify.", "备份已恢复，但未通过校验。";
        "Serve nothing from it; restore an older backup into another folder.", "请勿使用，请将更早的备份恢复到其他文件夹。";
    CLIENT_NOT_WHOLE = "client.not-whole", Conflict, 409,
        "What the file says and what its signatures cover are not the same.", "文件内容与其签名不一致。";
        "Ask for the file again where it came from, and believe nothing in this one.", "请从来源重新获取该文件，不要相信此文件。";
    CLIENT_NO_HOST = "client.no-host", Invalid, 422,
        "No host is known to ask.", "尚未指定主机。";
        "Sign in to one first: xitai login URL.", "请先登录：xitai login 网址。";
    CLIENT_NOT_SIGNED_IN = "client.not-signed-in", NotGranted, 401,
        "There is no sign-in for this host.", "尚未登录该主机。";
        "Sign in: xitai login URL, or with --token where XITAI_TOKEN is set.", "请登录：xitai login 网址；设置了 XITAI_TOKEN 时请加上 --token。";
    CLIENT_BAD_ADDRESS = "client.bad-address", Invalid, 422,
        "This is no address of a host.", "主机地址不正确。";
        "Name the host by its URL, such as http://127.0.0.1:8080.", "请使用网址，例如 http://127.0.0.1:8080。";
    CLIENT_UNREACHABLE = "client.unreachable", Unavailable, 503,
        "The host does not answer.", "主机没有应答。";
        "See that the address is right and that the host runs; make demo starts one here.", "请检查地址以及主机是否运行；make demo 可在本机启动。";
    CLIENT_CUT_OFF = "client.cut-off", UnknownOutcome, 503,
        "The host's answer broke off.", "主机的应答中断。";
        "Look at what came of it (xitai status), then do it again if it is not there.", "请先用 xitai status 查看结果，如未生效再重试。";
    CLIENT_NO_TOKEN = "client.no-token", Invalid, 422,
        "The host took the sign-in and gave no token.", "主机未返回令牌。";
        "Look whether the address is that of a Xitai host.", "请确认该地址是 Xitai 主机。";
    CLIENT_NOT_KEPT = "client.not-kept", Unavailable, 503,
        "The sign-in could not be kept.", "登录信息无法保存。";
        "Set XITAI_CONFIG to a folder that you may write.", "请将 XITAI_CONFIG 设为可写的文件夹。";
    CLIENT_NO_INPUT = "client.no-input", Invalid, 422,
        "Nothing was typed.", "没有输入内容。";
        "Give --login and XITAI_PASSWORD where nobody sits at the terminal.", "无人值守时请提供 --login 和 XITAI_PASSWORD。";
    CLIENT_NO_KEY = "client.no-key", NotFound, 404,
        "There is no key to sign packages with, or its file holds none.", "没有可用的签名密钥。";
        "Make one with xitai keys new, or name its file by --key.", "请用 xitai keys new 生成，或用 --key 指定文件。";
    CLIENT_KEY_OPEN = "client.key-open", NotGranted, 403,
        "The file of the key may be read by others.", "密钥文件可被他人读取。";
        "Keep it to yourself: chmod 600; replace the key if somebody may have read it.", "请执行 chmod 600；如可能已被读取，请更换密钥。";
    CLIENT_KEY_NOT_KEPT = "client.key-not-kept", Unavailable, 503,
        "The new key could not be kept in its file.", "新密钥无法保存到文件。";
        "Look at the folder that the message names; nothing was registered unless it says so.", "请检查提示中的文件夹；除非另有说明，密钥尚未登记。";
    CLIENT_NO_PUBLISHER = "client.no-publisher", NotGranted, 403,
        "Whoever is signed in is no publisher's developer.", "当前登录者不是发布方的开发者。";
        "Sign in as a developer; head office enters developers at /console/organisation.", "请以开发者身份登录；开发者由总行在组织架构中登记。";
    CLIENT_NOT_SIGNED = "client.not-signed", Invalid, 422,
        "The package can't be signed.", "程序包无法签名。";
        "Build the package again with xitai build.", "请用 xitai build 重新构建。";
    CLIENT_NO_ADVISORIES = "client.no-advisories", Invalid, 422,
        "The file holds no advisories.", "文件中没有漏洞公告。";
        "Name a file of OSV records, one or a list of them, as JSON.", "请指定 JSON 格式的 OSV 记录文件，可为单条或列表。";
}
