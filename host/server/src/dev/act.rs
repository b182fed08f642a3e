//! What the panel may ask for, beside what the page in the frame does by itself.

use serde::Deserialize;
use xitai_model::limits::SCENE_WAIT_MS_MAX;
use xitai_model::program::Surface;
use xitai_model::scene::{Act, CoreAct, Opened, PartnerAct, SheetAct};

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Asked {
    Open {
        page: String,
        #[serde(default)]
        query: Vec<(String, String)>,
    },
    Tap {
        node: String,
        value: Option<String>,
    },
    Submit {
        form: String,
        button: String,
        #[serde(default)]
        values: Vec<(String, String)>,
        /// Choices of which nothing is chosen.
        #[serde(default)]
        emptied: Vec<String>,
    },
    /// A value for the host's own field.
    Fill {
        node: String,
        value: String,
    },
    Sheet {
        decide: Decide,
        #[serde(default)]
        answers: Vec<(String, String)>,
    },
    Leave,
    Resume,
    Wait {
        s: u32,
    },
    Reply {
        endpoint: String,
        status: u16,
        #[serde(default)]
        body: String,
    },
    Hang {
        endpoint: String,
    },
    Away {
        endpoint: String,
    },
    Tell {
        endpoint: String,
        topic: String,
        #[serde(default)]
        of_call: bool,
        #[serde(default)]
        body: String,
    },
    Core(Core),
}

/// What the bank's core says, as scenes name it.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RawCore")]
pub struct Core(CoreAct);

#[derive(Deserialize)]
struct RawCore {
    says: String,
    code: Option<String>,
}

impl TryFrom<RawCore> for Core {
    type Error = String;
    fn try_from(raw: RawCore) -> Result<Self, String> {
        CoreAct::of_name(&raw.says, raw.code).map(Core).ok_or_else(|| format!("the core says no `{}`", raw.says))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decide {
    Confirm,
    Decline,
    Expire,
}

impl Asked {
    pub fn act(self) -> Act {
        match self {
            Asked::Open { page, query } => Act::Open(Opened {
                page,
                query,
                channel: None,
                locale: None,
                elder_mode: false,
                surface: Surface::Page,
            }),
            Asked::Tap { node, value } => Act::Tap { node, value },
            Asked::Submit { form, button, values, emptied } => Act::Submit { form, button, values, emptied },
            Asked::Fill { node, value } => Act::Fill { node, value },
            Asked::Sheet { decide, answers } => Act::Sheet(match decide {
                Decide::Confirm => SheetAct::Confirm(answers),
                Decide::Decline => SheetAct::Decline,
                Decide::Expire => SheetAct::Expire,
            }),
            Asked::Leave => Act::Leave,
            Asked::Resume => Act::Resume,
            Asked::Wait { s } => Act::Wait { ms: (i64::from(s) * 1_000).clamp(1_000, SCENE_WAIT_MS_MAX) },
            Asked::Reply { endpoint, status, body } => {
                Act::Partner { endpoint, answer: PartnerAct::Reply { status, body } }
            }
            Asked::Hang { endpoint } => Act::Partner { endpoint, answer: PartnerAct::Hangs },
            Asked::Away { endpoint } => Act::Partner { endpoint, answer: PartnerAct::Away },
            Asked::Core(Core(core)) => Act::Core(core),
            Asked::Tell { endpoint, topic, of_call, body } => Act::Webhook { endpoint, topic, of_call, body },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_panel_asks_is_what_a_scene_says() {
        let act = |asked| serde_json::from_value::<Asked>(asked).map(Asked::act).ok();
        let owned = str::to_owned;
        let fill = json!({"do": "fill", "node": "pin", "value": "1"});
        assert_eq!(act(fill), Some(Act::Fill { node: owned("pin"), value: owned("1") }));
        let answers = json!({"do": "sheet", "decide": "confirm", "answers": [["agree", "yes"]]});
        assert_eq!(act(answers), Some(Act::Sheet(SheetAct::Confirm(vec![(owned("agree"), owned("yes"))]))));
        let none = json!({"do": "submit", "form": "f", "button": "go", "emptied": ["sides"]});
        let (form, button, emptied) = (owned("f"), owned("go"), vec![owned("sides")]);
        assert_eq!(act(none), Some(Act::Submit { form, button, values: Vec::new(), emptied }));
        assert_eq!(act(json!({"do": "core", "says": "perhaps"})), None);
    }
}
