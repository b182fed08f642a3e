//! The demo's canteen, as its people use it.

use crate::actor::CANTEEN;
use crate::bank::Bank;
use crate::http::Caller;
use crate::session::Session;
use serde_json::json;

/// The manager's session, on the menu page, with a menu in the canteen.
pub fn manager(bank: &Bank) -> Session {
    let mut session = bank.staff("canteen-zhou").open(CANTEEN);
    if session.view.has_button("samples") {
        session.tap("samples");
    }
    if session.view.has_button("menu") {
        session.tap("menu");
    }
    session
}

/// The ids of the dishes on the manager's menu page.
pub fn dishes(manager: &Session) -> Vec<u32> {
    let id = |n: &serde_json::Value| n["id"].as_str()?.strip_prefix("edit-")?.parse().ok();
    manager.view.nodes().iter().filter_map(id).collect()
}

/// Sets what is left of a dish, through the form that the manager fills in.
#[track_caller]
pub fn set_stock(manager: &mut Session, dish: u32, portions: u32) {
    let opened = manager.event(&json!({"type": "tapped", "id": format!("edit-{dish}"), "value": null}));
    assert!(opened.status < 300, "the dish opens: {}", opened.text());
    let stock = portions.to_string();
    let mut fields = manager.view.fields();
    for (name, value) in &mut fields {
        if name == "stock" {
            value.clone_from(&stock);
        }
    }
    let values: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    manager.submit("dish", "save", &values);
}

/// What the manager's menu says is left of a dish.
pub fn stock(manager: &mut Session, dish: u32) -> u32 {
    // Any page but this one first, so that the menu is drawn anew.
    manager.reload();
    if manager.view.has_button("kitchen") {
        manager.tap("kitchen");
    }
    manager.tap("menu");
    let row = manager.view.node(&format!("edit-{dish}")).expect("the dish is on the menu");
    let text = row["element"]["item"]["subtitle"].as_str().expect("what is left");
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

/// A customer's session with one portion of a dish in the cart.
#[track_caller]
pub fn cart(caller: &Caller, dish: u32) -> Session {
    let mut session = Session::open(caller, CANTEEN, json!({"locale": "en"}));
    let chosen = session.event(&json!({"type": "tapped", "id": format!("portions-{dish}"), "value": "1"}));
    assert!(chosen.status < 300, "a dish is chosen: {}", chosen.text());
    session.tap("cart");
    session
}
