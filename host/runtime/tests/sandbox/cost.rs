//! The measure of the sandbox measures.

use xitai_model::program::Event;
use xitai_runtime::bench::event_sandbox;
use xitai_test_components::Guest;

#[test]
fn both_ways_of_an_event_are_measured() {
    // A component given from outside is measured for longer, for looking into a figure.
    let given = std::env::var("XITAI_MEASURED_COMPONENT").ok().map(|path| std::fs::read(path).unwrap());
    let node = std::env::var("XITAI_MEASURED_TAP").unwrap_or_else(|_| "count".to_owned());
    let events = if given.is_some() { 5_000 } else { 20 };
    let component = given.unwrap_or_else(|| Guest::default().component());
    let event = Event::Tapped { id: node, value: None };
    let measured = event_sandbox(&component, &event, events).unwrap();
    println!("{measured:?}, ratio {:.3}", measured.ratio());
    assert!(!measured.perform.is_zero() && !measured.bare.is_zero());
}
