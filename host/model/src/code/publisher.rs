//! Publishers: their keys, and the signatures of their packages and of the bank.

codes! {
    PACKAGE_UNSIGNED = "package.unsigned", NotGranted, 422,
        "The package is not signed.", "程序包没有签名。";
        "Make a key with xitai keys new, and publish with xitai publish.", "请用 xitai keys new 生成密钥，再用 xitai publish 发布。";
    PACKAGE_SIGNATURE = "package.signature", NotGranted, 422,
        "The package's signature is not over what it holds.", "程序包的签名与内容不符。";
        "Sign the package again after its last change.", "请在最后一次修改后重新签名。";
    PACKAGE_HIDDEN_BYTES = "package.hidden-bytes", Invalid, 422,
        "The package has bytes that belong to no file of it.", "程序包中有不属于任何文件的字节。";
        "Make it with xitai build.", "请用 xitai build 生成。";
    PACKAGE_SBOM = "package.sbom", Invalid, 422,
        "The bill of materials can't be read.", "物料清单无法读取。";
        "Write sbom.cdx.json as CycloneDX JSON; xitai build does it for Rust.", "请按 CycloneDX JSON 生成 sbom.cdx.json；Rust 程序由 xitai build 生成。";
    PACKAGE_NO_SBOM = "package.no-sbom", Invalid, 422,
        "The package says nothing about its parts.", "程序包没有物料清单。";
        "Add sbom.cdx.json, so that reviewers see licences and advisories.", "请加入 sbom.cdx.json，便于审核许可证和漏洞公告。";
    PACKAGE_LICENCE = "package.licence-unknown", Invalid, 422,
        "A part has no licence in the bill of materials.", "物料清单中有组件未注明许可证。";
        "Name its licence, or replace the part.", "请注明许可证，或更换该组件。";
    PACKAGE_ADVISORY = "package.advisory", Invalid, 422,
        "There is an advisory against a part of the program.", "程序的组件有已知漏洞公告。";
        "Use a version that mends it, or say in the review why it does not matter.", "请升级到已修复的版本，或在审核中说明为何不受影响。";
    PACKAGE_KEY_UNKNOWN = "package.key-unknown", NotGranted, 403,
        "The package is signed by a key that is not registered for this publisher.", "签名所用的密钥未在该发布方名下登记。";
        "Register the key with xitai keys register.", "请用 xitai keys register 登记该密钥。";
    PACKAGE_KEY_ENDED = "package.key-ended", NotGranted, 403,
        "The package is signed by a key that another has replaced.", "签名所用的密钥已被新密钥替换。";
        "Sign it with the key that took its place.", "请用新密钥重新签名。";
    PACKAGE_KEY_REVOKED = "package.key-revoked", NotGranted, 403,
        "The package is signed by a key that was revoked.", "签名所用的密钥已被吊销。";
        "Sign it with a key that counts, under a new version.", "请用有效密钥为新版本签名。";
    RELEASE_KEY_REVOKED = "release.key-revoked", Unavailable, 503,
        "This version was withdrawn because its signature is no longer believed.", "该版本的签名已不可信，已停止使用。";
        "Come back later; the publisher has to sign a new version.", "请稍后再来，发布方需重新签名发布。";
    RELEASE_NOT_COUNTERSIGNED = "release.not-countersigned", Unavailable, 503,
        "This version does not carry the bank's own signature.", "该版本没有本行的批准签名。";
        "Have it reviewed again.", "请重新提交审核。";
    RELEASE_CHANGED = "release.changed", Unavailable, 503,
        "The files of this version are not the ones that were approved.", "该版本的文件与批准时不一致。";
        "Restore them from a backup that verifies, or publish a new version.", "请从通过校验的备份恢复，或发布新版本。";

    PUBLISHER_KEY_NOT_FOUND = "publisher-key.not-found", NotFound, 404,
        "There is no such key.", "没有找到该密钥。";
        "Look for it in the list of keys.", "请在密钥列表中查找。";
    PUBLISHER_KEY_PROOF = "publisher-key.proof", Invalid, 422,
        "The proof is not this key's signature for this publisher.", "持有证明不是该密钥为该发布方所签。";
        "Register it with xitai keys register, signed in as this publisher.", "请以该发布方身份用 xitai keys register 登记。";
    PUBLISHER_KEY_TAKEN = "publisher-key.taken", Conflict, 409,
        "This key was registered before.", "该密钥已登记过。";
        "Make another with xitai keys new.", "请用 xitai keys new 另行生成。";
    PUBLISHER_KEYS_FULL = "publisher-key.full", Limited, 409,
        "The publisher has as many keys as may count at once.", "该发布方的有效密钥数量已达上限。";
        "Replace or revoke one first.", "请先替换或吊销一个密钥。";
    PUBLISHER_KEY_OVER = "publisher-key.over", Conflict, 409,
        "The key counts no more.", "该密钥已失效。";
        "Name one that counts, or register a new one.", "请选择有效密钥，或登记新密钥。";
    PUBLISHER_KEY_REASON = "publisher-key.reason-missing", Invalid, 422,
        "A key is not revoked without a reason.", "吊销密钥需要说明原因。";
        "Say in a few words what happened.", "请用几个字说明原因。";
    PUBLISHER_KEY_TIME = "publisher-key.time", Invalid, 422,
        "The time from which the key is not believed is to come.", "密钥失信的起始时间不能晚于现在。";
        "Name the time when it was lost, at the latest now.", "请填写丢失的时间，最晚为现在。";
}
