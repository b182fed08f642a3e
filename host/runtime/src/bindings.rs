//! The contract as Rust types and traits, generated from `wit/`. Nothing outside [`crate::convert`],
//! [`crate::host_calls`] and the sandbox sees them: everybody else speaks the model's types.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "mini-program",
    // A host call may end the call altogether: a limit, a stop, a database that is away.
    imports: { default: trappable },
});
