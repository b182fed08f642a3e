//! What is linked is what was granted: the component's imports, the manifest, the grant and this list are one.

use crate::bindings::xitai;
use crate::calls::CallState;
use crate::wasi;
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

/// Interfaces that are types only: they permit nothing, so nobody needs to ask for them.
pub(crate) const TYPES_ONLY: [&str; 2] = ["xitai:types/values", "xitai:program/screen"];

type State = HasSelf<CallState>;
type Add = fn(&mut Linker<CallState>) -> wasmtime::Result<()>;

/// Every permission that the contract knows.
const INTERFACES: &[(&str, Add)] = &[
    ("xitai:services/log", |linker| xitai::services::log::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/storage", |linker| xitai::services::storage::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/shared-storage", |linker| {
        xitai::services::shared_storage::add_to_linker::<_, State>(linker, |it| it)
    }),
    ("xitai:services/counters", |linker| xitai::services::counters::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/wakeups", |linker| xitai::services::wakeups::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/config", |linker| xitai::services::config::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/partner", |linker| xitai::services::partner::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/scanner", |linker| xitai::services::scanner::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/notices", |linker| xitai::services::notices::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/relationship", |linker| xitai::services::relationship::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/programs", |linker| xitai::services::programs::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/locator", |linker| xitai::services::locator::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/attachments", |linker| xitai::services::attachments::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/printer", |linker| xitai::services::printer::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:services/sharing", |linker| xitai::services::sharing::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/customer", |linker| xitai::identity::customer::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/claims", |linker| xitai::identity::claims::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/proofs", |linker| xitai::identity::proofs::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/presence", |linker| xitai::identity::presence::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/agreements", |linker| xitai::identity::agreements::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:identity/secure-fields", |linker| {
        xitai::identity::secure_fields::add_to_linker::<_, State>(linker, |it| it)
    }),
    ("xitai:payments/payments", |linker| xitai::payments::payments::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:payments/merchant-payments", |linker| {
        xitai::payments::merchant_payments::add_to_linker::<_, State>(linker, |it| it)
    }),
    ("xitai:payments/merchant-codes", |linker| {
        xitai::payments::merchant_codes::add_to_linker::<_, State>(linker, |it| it)
    }),
    ("xitai:payments/mandates", |linker| xitai::payments::mandates::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:payments/coupons", |linker| xitai::payments::coupons::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:payments/payouts", |linker| xitai::payments::payouts::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:payments/red-envelopes", |linker| {
        xitai::payments::red_envelopes::add_to_linker::<_, State>(linker, |it| it)
    }),
    ("xitai:content/library", |linker| xitai::content::library::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:content/authoring", |linker| xitai::content::authoring::add_to_linker::<_, State>(linker, |it| it)),
    ("xitai:content/feedback", |linker| xitai::content::feedback::add_to_linker::<_, State>(linker, |it| it)),
];

/// Whether the host has such an interface to grant.
pub fn is_known_interface(interface: &str) -> bool {
    TYPES_ONLY.contains(&interface) || is_permission(interface) || wasi::is_known(interface)
}

pub(crate) fn is_permission(interface: &str) -> bool {
    INTERFACES.iter().any(|(name, _)| *name == interface)
}

/// An import without its version: `xitai:payments/payments@1.0.0` is the permission `xitai:payments/payments`.
pub(crate) fn without_version(import: &str) -> &str {
    import.split_once('@').map_or(import, |(name, _)| name)
}

/// Links types and exactly the interfaces named. A name that the host doesn't know links nothing, so that a component
/// which imports it is refused at its instantiation.
pub(crate) fn linker(engine: &Engine, granted: &[String]) -> wasmtime::Result<Linker<CallState>> {
    let mut linker = Linker::new(engine);
    xitai::types::values::add_to_linker::<_, State>(&mut linker, |it| it)?;
    xitai::program::screen::add_to_linker::<_, State>(&mut linker, |it| it)?;
    for (name, add) in INTERFACES {
        if granted.iter().any(|it| it == name) {
            add(&mut linker)?;
        }
    }
    wasi::add_granted(&mut linker, granted)?;
    Ok(linker)
}
