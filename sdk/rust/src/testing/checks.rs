//! The host's rules on steps, as assertions of a test.

use super::drawing;
use super::world::World;
use crate::bindings::exports::xitai::program::program::Step;
use crate::bindings::xitai::program::screen::{Element, Node, Screen};
use std::collections::BTreeSet;

const NODES_MAX: usize = 1_000;
const DEPTH_MAX: usize = 30;
const STATE_BYTES_MAX: usize = 64 << 10;
const WATCHES_MAX: usize = 8;
const NODE_ID_BYTES_MAX: usize = 64;

/// Fails the test where the host would refuse the step.
pub(super) fn check_step(step: &Step) {
    assert!(step.state.len() <= STATE_BYTES_MAX, "the state takes {} bytes, more than 64 KiB", step.state.len());
    assert!(step.watch.len() <= WATCHES_MAX, "{} names are watched, more than 8", step.watch.len());
    check_screen(&step.screen);
}

fn check_screen(screen: &Screen) {
    assert!(screen.nodes.len() <= NODES_MAX, "the screen has {} nodes, more than 1,000", screen.nodes.len());
    let mut ids = BTreeSet::new();
    for node in &screen.nodes {
        assert!(!node.id.is_empty() && node.id.len() <= NODE_ID_BYTES_MAX, "the id `{}` is not 1 to 64 bytes", node.id);
        assert!(ids.insert(node.id.as_str()), "two nodes have the id `{}`", node.id);
    }
    let mut used = vec![false; screen.nodes.len()];
    walk(screen, screen.root, 1, &mut used);
    assert!(used.iter().all(|used| *used), "a node hangs nowhere in the tree");
}

fn walk(screen: &Screen, index: u32, depth: usize, used: &mut [bool]) {
    assert!(depth <= DEPTH_MAX, "the screen is more than 30 deep");
    let node = screen.nodes.get(index as usize).expect("children are indices of nodes");
    assert!(!std::mem::replace(&mut used[index as usize], true), "the node `{}` is used twice", node.id);
    node.children.iter().for_each(|child| walk(screen, *child, depth + 1, used));
}

/// Fails the test where the host would not open the sheet.
pub(super) fn check_sheet(world: &World, session: usize, chain: Option<u64>, ticket: &str) {
    let bill = world.kept.payments.iter().find(|bill| bill.payment.ticket.as_deref() == Some(ticket));
    let (of, payable, made_in) = match (bill, world.kept.asks.get(ticket)) {
        (Some(bill), _) => (bill.session, Some(&bill.payment.payable), bill.armed_chain),
        (None, Some(ask)) => {
            let arms = ask.arms.as_ref();
            (ask.session, arms.map(|arms| &arms.0), arms.and_then(|arms| arms.1))
        }
        (None, None) => panic!("nothing that waits has the ticket `{ticket}`"),
    };
    assert!(of == session, "the ticket belongs to another session");
    let Some(payable) = payable else { return };
    let armed = world.sessions.get(session).and_then(|session| session.armed.as_ref());
    let armed = armed.unwrap_or_else(|| panic!("a sheet needs a tap on a button with an amount; none was tapped"));
    assert!(made_in == chain, "the ticket was made before the tap that agreed to it");
    assert!(
        armed.minor == payable.minor && armed.currency == payable.currency,
        "the button says {} {}, the payment {} {}",
        armed.minor,
        armed.currency,
        payable.minor,
        payable.currency
    );
}

/// The node that a customer acts on; fails the test where it is not there or takes no taps.
pub(super) fn node_to_tap<'a>(screen: &'a Screen, id: &str) -> &'a Node {
    let node = screen.nodes.iter().find(|node| node.id == id);
    let node = node.unwrap_or_else(|| panic!("nothing on the screen has the id `{id}`:\n{}", drawing::draw(screen)));
    let marked = node.props.iter().any(|(name, value)| name == "tap" && value == "yes");
    match &node.element {
        Element::Button(button) => assert!(!button.disabled, "the button `{id}` is disabled"),
        Element::Item(_) | Element::Card => assert!(marked, "`{id}` is not tappable: it lacks `.tappable()`"),
        Element::Items(_) | Element::Quantity(_) | Element::Toggle(_) | Element::Choice(_) | Element::Other(_) => {}
        element => panic!("`{id}` takes no taps: {element:?}"),
    }
    node
}
