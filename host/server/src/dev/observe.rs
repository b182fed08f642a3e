//! What the page in the frame asks of the host, as a scene says it. The requests go to the host as they came; here they
//! are only read.

use serde_json::Value;
use xitai_model::program::{Channel, Event, Surface};
use xitai_model::scene::{Act, Opened, SheetAct};
use xitai_model::screen::{Element, Screen};

/// What a request that changes something is.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Act(Act),
    /// Something that scenes do not say.
    Other(String),
}

/// Reads a request. `screen` is the page as it stands, by whose fields a secure value is named.
pub fn read(method: &str, path: &str, body: &[u8], screen: Option<&Screen>) -> Seen {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let act = match (method, parts.as_slice()) {
        ("POST", ["api", "v1", "sessions"]) => opened(&body).map(Act::Open),
        ("POST", ["api", "v1", "sessions", _, "events"]) => happened(&body["event"], screen),
        ("POST", ["api", "v1", "sessions", _, "sheets", _]) => decided(&body).map(Act::Sheet),
        ("PUT", ["api", "v1", "sessions", _, "secure-fields", ticket]) => filled(ticket, &body, screen),
        _ => None,
    };
    act.map_or_else(|| Seen::Other(format!("{method} {path}")), Seen::Act)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn opened(body: &Value) -> Option<Opened> {
    let word = |name: &str| serde_json::from_value(body[name].clone()).ok();
    Some(Opened {
        page: text(&body["page"]).unwrap_or_default(),
        query: pairs(&body["query"]),
        channel: Some(serde_json::from_value(body["channel"].clone()).unwrap_or(Channel::Web)),
        locale: text(&body["locale"]),
        elder_mode: body["elder_mode"].as_bool().unwrap_or_default(),
        surface: word("surface").unwrap_or(Surface::Page),
    })
}

fn happened(event: &Value, screen: Option<&Screen>) -> Option<Act> {
    Some(match serde_json::from_value(event.clone()).ok()? {
        Event::Tapped { id, value } => Act::Tap { node: id, value },
        Event::Submitted { form, button, values } => {
            let emptied = unchosen(screen, &form, &values);
            Act::Submit { form, button, values, emptied }
        }
        Event::Hidden => Act::Leave,
        Event::Resumed => Act::Resume,
        _ => return None,
    })
}

/// Choices of many of which nothing was chosen: a scene that leaves one out keeps what it shows.
fn unchosen(screen: Option<&Screen>, form: &str, values: &[(String, String)]) -> Vec<String> {
    let inside = screen.map(|screen| screen.below_id(form)).unwrap_or_default();
    let many = inside.into_iter().filter(|node| matches!(&node.element, Element::Choice(choice) if choice.many));
    let left_out = many.filter(|node| !values.iter().any(|(name, _)| *name == node.id));
    left_out.map(|node| node.id.clone()).collect()
}

fn decided(body: &Value) -> Option<SheetAct> {
    match body["decision"].as_str()? {
        "confirm" => Some(SheetAct::Confirm(pairs(&body["answers"]))),
        "decline" => Some(SheetAct::Decline),
        _ => None,
    }
}

fn filled(ticket: &str, body: &Value, screen: Option<&Screen>) -> Option<Act> {
    let is_its = |element: &Element| matches!(element, Element::SecureField(other) if other == ticket);
    let node = screen?.nodes.iter().find(|node| is_its(&node.element))?;
    Some(Act::Fill { node: node.id.clone(), value: text(&body["value"])? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn act(method: &str, path: &str, body: Value) -> Seen {
        read(method, path, body.to_string().as_bytes(), None)
    }

    #[test]
    fn what_a_page_asks_is_what_a_scene_says() {
        let tap = json!({"device":"d","client_seq":1,"seen":1,"event":{"type":"tapped","id":"pay","value":null}});
        let is_tap = Act::Tap { node: "pay".to_owned(), value: None };
        assert_eq!(act("POST", "/api/v1/sessions/S/events", tap), Seen::Act(is_tap));
        let confirm = json!({"device":"d","decision":"confirm","digest":"x","answers":[["agree","yes"]]});
        let answers = vec![("agree".to_owned(), "yes".to_owned())];
        let confirmed = Act::Sheet(SheetAct::Confirm(answers));
        assert_eq!(act("POST", "/api/v1/sessions/S/sheets/T", confirm), Seen::Act(confirmed));
        let open = json!({"program":"a.b","page":"pages/x","query":[["t","7"]],"channel":"phone","elder_mode":true});
        let Seen::Act(Act::Open(opened)) = act("POST", "/api/v1/sessions", open) else { panic!("it opens") };
        assert_eq!((opened.channel, opened.elder_mode), (Some(Channel::Phone), true));
        assert_eq!(opened.query, [("t".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn a_choice_of_many_of_which_nothing_is_chosen_is_told() {
        let screen: Screen = serde_json::from_value(json!({"title": "Lunch", "root": 2, "nodes": [
            {"id": "sides", "element": {"choice": {"options": [["a", "A"], ["b", "B"]], "selected": ["a"], "many": true,
                "required": false}}},
            {"id": "go", "element": {"button": {"text": "Go", "weight": "primary", "value": null, "amount": null,
                "disabled": false}}},
            {"id": "lunch", "element": "form", "children": [0, 1]},
        ]}))
        .expect("a screen");
        let submits = |values: Value| {
            let event = json!({"type": "submitted", "form": "lunch", "button": "go", "values": values});
            let body = json!({"event": event}).to_string();
            match read("POST", "/api/v1/sessions/S/events", body.as_bytes(), Some(&screen)) {
                Seen::Act(Act::Submit { values, emptied, .. }) => (values, emptied),
                seen => panic!("{seen:?}"),
            }
        };
        assert_eq!(submits(json!([])), (Vec::new(), vec!["sides".to_owned()]));
        assert_eq!(submits(json!([["sides", "b"]])), (vec![("sides".to_owned(), "b".to_owned())], Vec::new()));
    }

    #[test]
    fn what_scenes_do_not_say_is_something_else() {
        for (method, path) in [
            ("PUT", "/api/v1/sessions/S/sheets/T/tender"),
            ("POST", "/app/me/sign-out"),
            ("POST", "/api/v1/sessions/S/events"),
        ] {
            assert_eq!(act(method, path, json!({})), Seen::Other(format!("{method} {path}")));
        }
    }
}
