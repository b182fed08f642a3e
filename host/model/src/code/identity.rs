//! Who somebody is: providers, passkeys, codes, levels, sign-ins, and what stands against erasing.

codes! {
    AUTH_STEP_UP = "auth.step-up", NotGranted, 403,
        "This needs your passkey, for exactly this and just now.", "此操作需要您当场使用通行密钥确认。";
        "Confirm with your passkey and send it again with the proof; `step_up` says for what.", "请用通行密钥确认，并附上证明重新提交；step_up 说明确认的内容。";
    AUTH_PROOF = "auth.proof", NotGranted, 403,
        "The proof is not for this, is too old, or was used already.", "该证明与此操作不符、已过期或已使用。";
        "Confirm with your passkey once more.", "请重新用通行密钥确认。";
    AUTH_FRESH = "auth.fresh", NotGranted, 403,
        "Please prove once more that it is you.", "请再次证明是您本人。";
        "Give your password or a passkey's proof; without either, sign in anew and do it within five minutes.", "请输入密码或使用通行密钥；两者都没有时，请重新登录并在五分钟内操作。";
    AUTH_CHALLENGE = "auth.challenge", Conflict, 409,
        "The time to answer is over, or it was answered already.", "操作已超时或已完成。";
        "Begin again, and answer while the page waits.", "请重新开始，并在页面等待期间完成。";
    AUTH_PASSKEY = "auth.passkey", NotGranted, 401,
        "The passkey was not accepted.", "通行密钥未通过验证。";
        "Try again, with a passkey that you registered at this bank.", "请使用在本行登记的通行密钥重试。";
    AUTH_NO_PASSKEY = "auth.no-passkey", Conflict, 409,
        "You have no passkey at this bank yet.", "您在本行还没有通行密钥。";
        "Add a passkey at /app/me, then do it again.", "请先在“我的”页面添加通行密钥，再重试。";
    AUTH_PASSKEY_KNOWN = "auth.passkey-known", Conflict, 409,
        "This passkey is registered already.", "该通行密钥已登记。";
        "Use it, or make another one.", "请直接使用，或另建一个。";
    AUTH_PASSKEYS_MAX = "auth.passkeys-max", Limited, 409,
        "You have as many passkeys as one person may have.", "您的通行密钥数量已达上限。";
        "Remove one that you no longer use.", "请先删除不再使用的通行密钥。";
    AUTH_PASSKEY_NOT_FOUND = "auth.passkey-not-found", NotFound, 404,
        "You have no such passkey.", "没有找到该通行密钥。";
        "Load the list again.", "请重新加载列表。";
    AUTH_FACTOR = "auth.factor", NotGranted, 403,
        "This needs a second proof that it is you.", "此操作需要第二重验证。";
        "Give a one-time code, or the proof of a passkey that you have.", "请输入一次性验证码，或使用已有的通行密钥确认。";
    AUTH_CODE = "auth.code", NotGranted, 403,
        "The code is wrong.", "验证码错误。";
        "Type the newest code; after five wrong ones ask for another.", "请输入最新的验证码；输错五次后请重新获取。";
    AUTH_CODES_CLOSED = "auth.codes-closed", Unavailable, 503,
        "The bank sends no one-time codes here.", "本行在此不发送一次性验证码。";
        "Sign in through the bank's own sign-in with a second factor, or ask the bank.", "请通过银行统一登录并完成双重验证，或联系银行。";
    AUTH_SCOPE = "auth.scope", NotGranted, 403,
        "This token is a machine's and was not made for that.", "该令牌供程序使用，不含此项权限。";
        "Make a token with the right scope, or sign in yourself.", "请创建含相应权限的令牌，或由本人登录。";
    AUTH_SCOPE_UNKNOWN = "auth.scope-unknown", Invalid, 422,
        "A machine's token can't have that scope.", "程序令牌不能包含该权限。";
        "Choose among release.publish, release.read, log.read and rollout.read.", "请从 release.publish、release.read、log.read、rollout.read 中选择。";
    AUTH_TOKENS_MAX = "auth.tokens-max", Limited, 409,
        "There are as many machine tokens as one person may have.", "程序令牌数量已达上限。";
        "Revoke one that is no longer used.", "请先撤销不再使用的令牌。";
    AUTH_TOKEN_NOT_FOUND = "auth.token-not-found", NotFound, 404,
        "There is no such sign-in of yours.", "没有找到您的这次登录。";
        "Load the list again; it may be over already.", "请重新加载列表，可能已失效。";

    SIGN_IN_PROVIDER = "sign-in.provider", NotFound, 404,
        "There is no such way to sign in.", "没有这种登录方式。";
        "Choose one of the ways on the sign-in page.", "请在登录页选择登录方式。";
    SIGN_IN_STATE = "sign-in.state", Conflict, 409,
        "This sign-in was not begun here, or is over.", "该登录不是在此发起的，或已失效。";
        "Begin again from the sign-in page, in this browser.", "请在本浏览器的登录页重新开始。";
    SIGN_IN_DENIED = "sign-in.denied", NotGranted, 403,
        "The sign-in was cancelled at the provider.", "您已在登录服务处取消。";
        "Try again, or choose another way.", "请重试或换一种登录方式。";
    SIGN_IN_REFUSED = "sign-in.refused", NotGranted, 401,
        "What the provider answered can't be trusted.", "登录服务的应答未通过验证。";
        "Try again; if it stays, tell the bank.", "请重试，如仍有问题请联系银行。";
    SIGN_IN_AWAY = "sign-in.away", Unavailable, 503,
        "The provider does not answer.", "登录服务暂无应答。";
        "Try again in a moment, or choose another way.", "请稍后重试，或换一种登录方式。";
    SIGN_IN_NOBODY = "sign-in.nobody", NotGranted, 403,
        "Nobody at the bank belongs to this account.", "该账号未对应本行员工。";
        "Ask head office to bind it to your staff record.", "请联系总行将其与您的员工档案绑定。";
    SIGN_IN_BOUND = "sign-in.bound", Conflict, 409,
        "This account at the provider belongs to somebody else already.", "该登录账号已绑定其他人。";
        "Use another account there, or have the binding removed.", "请换用其他账号，或先解除绑定。";

    LEVEL_NO_ACCOUNT = "level.no-account", NotGranted, 403,
        "You have no account at this bank to pay from.", "您在本行没有可用于付款的账户。";
        "Sign in as an account holder; what you did as a visitor stays with you.", "请以开户客户身份登录，您的访客记录会保留。";
    LEVEL_TOO_LOW = "level.too-low", NotGranted, 403,
        "The bank does not know you well enough for this.", "您的身份级别不足以进行此操作。";
        "Sign in, or have your identity checked at the branch.", "请登录，或到网点核验身份。";

    CUSTOMER_BALANCE_OPEN = "customer.balance-open", Conflict, 409,
        "Your account still holds money.", "您的账户仍有余额。";
        "Pay it out or transfer it, then try again.", "请先转出余额后重试。";
    CUSTOMER_PAYMENT_OPEN = "customer.payment-open", Conflict, 409,
        "A payment of yours is not finished.", "您有未完成的付款。";
        "Wait until it is settled or cancelled.", "请等待付款结算或取消。";
    CUSTOMER_MANDATE_OPEN = "customer.mandate-open", Conflict, 409,
        "Somebody may still take money from your account.", "您仍有生效的扣款授权。";
        "Revoke the mandate first.", "请先撤销扣款授权。";
}
