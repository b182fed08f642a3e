//! The sandbox from outside: each limit at its edge, each fault, each host call. Guests are core WebAssembly in text
//! form around one valid step, so that a test says exactly what the program does and needs no compiler.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod cost;
mod faults;
mod host_calls;
mod inspection;
mod journal;
mod limits;
mod native;
mod stage;
mod wasi;
