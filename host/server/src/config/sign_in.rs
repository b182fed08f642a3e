//! `sign-in.toml` in the data folder: how people sign in at this bank. Without the file there is the built-in password
//! sign-in and nothing else. `docs/sign-in.md` explains each line.

use serde::Deserialize;
use std::io::ErrorKind;
use std::path::Path;
use xitai_identity::ProviderConfig;
use xitai_model::policy::StepUp;

pub const FILE: &str = "sign-in.toml";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInFile {
    /// The origin that browsers show, such as `https://bank.example`. Passkeys are bound to it, providers send browsers
    /// back to it.
    pub origin: Option<String>,
    /// Whether staff without a passkey may approve and stop.
    pub step_up: StepUpWord,
    pub codes: CodesTable,
    #[serde(rename = "provider")]
    pub providers: Vec<ProviderConfig>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepUpWord {
    #[default]
    Optional,
    Required,
}

impl From<StepUpWord> for StepUp {
    fn from(word: StepUpWord) -> Self {
        match word {
            StepUpWord::Optional => StepUp::Optional,
            StepUpWord::Required => StepUp::Required,
        }
    }
}

/// How one-time codes reach people.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CodesTable {
    /// Absent: what the command says, which is `off` for `serve` and `log` for `demo`.
    pub way: Option<CodesWord>,
    /// The bank's own gateway, for `webhook`.
    pub url: String,
    pub secret: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodesWord {
    /// None are sent: a first passkey needs a provider with a second factor.
    #[default]
    Off,
    /// Into the host's own log. For demos: whoever reads the log can answer for anybody.
    Log,
    /// To the bank's gateway, which knows telephone numbers.
    Webhook,
}

impl SignInFile {
    /// Reads the file; a line that does not fit stops the start, with its place.
    pub fn read(data_dir: &Path) -> Result<Self, String> {
        let path = data_dir.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display())),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(format!("{}: {e}", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        origin = "https://bank.example"
        step_up = "required"
        [codes]
        way = "webhook"
        url = "https://gateway.bank.example/codes"
        secret = "s"
        [[provider]]
        id = "bank"
        kind = "oidc"
        name = { en = "Bank sign-in", zh-CN = "银行统一登录" }
        people = "staff"
        issuer = "https://id.bank.example"
        client_id = "xitai"
        staff_claim = "staff_id"
        [[provider]]
        id = "wechat"
        kind = "wechat"
        name = { en = "WeChat" }
        app_id = "wx1"
        app_secret = "s"
    "#;

    #[test]
    fn the_file_says_everything_and_a_wrong_line_is_named() {
        let file: SignInFile = toml::from_str(WHOLE).unwrap();
        assert_eq!(file.providers.len(), 2);
        assert_eq!(file.codes.way, Some(CodesWord::Webhook));
        assert_eq!(StepUp::from(file.step_up), StepUp::Required);
        for (from, to) in
            [("staff_claim", "staff_clam"), ("step_up", "stepup"), ("\"oidc\"", "\"saml\""), ("issuer", "isuer")]
        {
            assert!(toml::from_str::<SignInFile>(&WHOLE.replacen(from, to, 1)).is_err(), "{to} is noticed");
        }
        assert_eq!(toml::from_str::<SignInFile>("").unwrap().providers.len(), 0);
    }
}
