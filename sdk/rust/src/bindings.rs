//! What `wit/` says, as Rust. Generated; the rest of the crate dresses it.
//!
//! The whole platform world is bound. That costs nothing: the linker drops the imports that a program never
//! calls, and the component is then given only the interfaces whose functions are left.

wit_bindgen::generate!({
    world: "mini-program",
    path: "../../wit",
    generate_all,
    additional_derives: [PartialEq],
    pub_export_macro: true,
    export_macro_name: "export_component",
    default_bindings_module: "xitai::bindings",
});
