//! The only crate that knows wasmtime. It inspects components, runs each call in a fresh sandbox, collects what the
//! program asked for, and writes the journal that replays it.
//!
//! A guest may compute, within limits, and call the interfaces that its grant links. It has no clock, no randomness,
//! no file, no socket: time and seed come in the context, everything else through [`ports::Ports`].

pub mod call;
pub mod ports;
