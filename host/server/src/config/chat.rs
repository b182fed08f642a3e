//! `chat.toml` in the data folder: the bots that customers write to. Without the file there is none. `docs/channels.md`
//! explains each line.

use crate::app::outbound::Outbound;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::Path;
use xitai_egress::Target;
use xitai_egress::signature::Secret;
use xitai_model::ids::BranchId;

pub const FILE: &str = "chat.toml";

/// A bot: whoever runs it tells the bank what was written, and is told what to answer.
#[derive(Debug, Clone)]
pub struct ChatChannel {
    pub id: String,
    /// Where its users are served until they link their chat.
    pub branch: BranchId,
    /// Where messages to its users go, and what they are signed with.
    pub outbound: Outbound,
    /// What its own messages are signed with.
    pub inbound: Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "channel", default)]
    channels: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    branch: String,
    url: String,
    signs: String,
    verifies: String,
}

/// Reads the file; a line that does not fit stops the start, with its place.
pub fn read(data_dir: &Path) -> Result<Vec<ChatChannel>, String> {
    let path = data_dir.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(format!("{}: {e}", path.display())),
    };
    parse(&text).map_err(|why| format!("{}: {why}", path.display()))
}

fn parse(text: &str) -> Result<Vec<ChatChannel>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let channels = file.channels.into_iter().map(channel).collect::<Result<Vec<_>, _>>()?;
    let mut ids: Vec<&str> = channels.iter().map(|channel| channel.id.as_str()).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(format!("{} stands twice", twice[0])),
        None => Ok(channels),
    }
}

/// The bank's own page is a channel of this name, and no bot's.
pub const PAGE: &str = "page";

fn channel(line: Line) -> Result<ChatChannel, String> {
    let Line { id, branch, url, signs, verifies } = line;
    let plain =
        (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !plain || id == PAGE {
        return Err(format!("{id}: 1 to 32 of a-z, 0-9 and -, and not {PAGE}"));
    }
    let secret = |name: &str, text: &str| {
        Secret::parse(text).ok_or_else(|| format!("{id}: {name}: `whsec_` and the base64 of 32 bytes are expected"))
    };
    if signs == verifies {
        return Err(format!("{id}: each direction has a secret of its own"));
    }
    let branch = BranchId::parse(&branch).map_err(|bad| format!("{id}: {bad}"))?;
    let target = Target::parse(&url).map_err(|why| format!("{id}: url: {why}"))?;
    let outbound = Outbound { target, secret: secret("signs", &signs)? };
    Ok(ChatChannel { branch, outbound, inbound: secret("verifies", &verifies)?, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [[channel]]
        id = "wechat"
        branch = "suzhou"
        url = "https://bot.bank.example/messages"
        signs = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        verifies = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
    "#;

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(parse(WHOLE).unwrap()[0].id, "wechat");
        assert_eq!(parse("").unwrap().len(), 0);
        let twice = format!("{WHOLE}{WHOLE}");
        let same = WHOLE.replace(
            "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        );
        let changed = |from: &str, to: &str| WHOLE.replacen(from, to, 1);
        for wrong in
            [twice, same, changed("signs", "sings"), changed("\"wechat\"", "\"page\""), changed("whsec_A", "A")]
        {
            assert!(parse(&wrong).is_err(), "{wrong}");
        }
    }
}
