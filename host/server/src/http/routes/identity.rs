//! Sign-ins, passkeys, proofs.

use super::{Access, Route, row};
use crate::http::handlers::{agreements, consents, passkeys, step_ups, tokens};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (own, publish) = (Access::SignedIn, Access::May(Action::Publish));
    let bank = Access::ForBank(Action::KeepOrganisation);
    let reads_consents = Access::ForBank(Action::ReadConsents);
    vec![
        row(get.clone(), "/api/v1/me/consents", own, "consent.own", consents::own)
            .says("Who holds which facts about the caller, for what and until when, and who has read them")
            .gives::<wire::Consents>(),
        row(get.clone(), "/api/v1/me/consents/{id}", own, "consent.view", consents::one)
            .says("A consent with the times that it was read under; `?after=` for older ones")
            .gives::<wire::ConsentWithReads>(),
        row(post.clone(), "/api/v1/me/consents/{id}/withdraw", own, "consent.withdrawn", consents::withdraw)
            .says("Take a consent back, from the program's next call on")
            .takes::<wire::Nothing>()
            .gives::<wire::ConsentWithReads>(),
        row(get.clone(), "/api/v1/me/consents/{id}/receipt", own, "consent.receipt", consents::receipt)
            .says("What was agreed to, signed: it verifies without the bank")
            .gives::<wire::Signed>(),
        row(get.clone(), "/api/v1/me/agreements", own, "agreement.own", agreements::own)
            .says("What the caller was proposed and has signed, newest first")
            .gives::<wire::Agreements>(),
        row(get.clone(), "/api/v1/me/agreements/{id}", own, "agreement.view", agreements::one)
            .says("An agreement with the digests of what was signed")
            .gives::<wire::Agreement>(),
        row(post.clone(), "/api/v1/me/agreements/{id}/withdraw", own, "agreement.withdrawn", agreements::withdraw)
            .says("Take an agreement back while it cools off")
            .takes::<wire::Nothing>()
            .gives::<wire::Agreement>(),
        row(post.clone(), "/api/v1/me/agreements/{id}/documents/{entry}", own, "agreement.opened", agreements::open)
            .says("Open a document of an agreement: its text. What was not opened can't be signed")
            .takes::<wire::Nothing>()
            .gives::<wire::LibraryEntry>(),
        row(get.clone(), "/api/v1/me/disclosures", own, "disclosure.own", consents::disclosures)
            .says("Questions about the caller that the host has answered to programs, newest first")
            .gives::<wire::Disclosures>(),
        row(get.clone(), "/api/v1/programs/{id}/consents", reads_consents, "consent.list", consents::of_program)
            .says("A program's consents by all customers, newest first; never the values")
            .gives::<wire::Consents>(),
        row(get.clone(), "/api/v1/providers", Access::Anyone, "provider.list", tokens::providers)
            .says("Providers to sign in at, with the page that begins it")
            .gives::<wire::Providers>(),
        row(post.clone(), "/api/v1/passkeys/challenges", Access::Anyone, "token.asked", passkeys::begin_sign_in)
            .says("Ask for a passkey's answer to sign in with")
            .takes::<wire::Nothing>()
            .gives::<wire::Asked>(),
        row(get.clone(), "/api/v1/me/tokens", own, "token.list", tokens::list)
            .says("Where the caller is signed in")
            .gives::<wire::Tokens>(),
        row(delete.clone(), "/api/v1/me/tokens", own, "token.revoked", tokens::revoke_all)
            .says("Sign out everywhere, here too, and revoke machine tokens"),
        row(delete.clone(), "/api/v1/me/tokens/{token}", own, "token.revoked", tokens::revoke_one)
            .says("End one sign-in"),
        row(get.clone(), "/api/v1/me/passkeys", own, "passkey.list", passkeys::list)
            .says("The caller's passkeys")
            .gives::<wire::Passkeys>(),
        row(post.clone(), "/api/v1/me/passkeys/challenges", own, "passkey.asked", passkeys::begin)
            .says("Begin to register a passkey; asks for a second factor")
            .takes::<wire::Factor>()
            .gives::<wire::Asked>(),
        row(post.clone(), "/api/v1/me/passkeys", own, "passkey.added", passkeys::add)
            .says("Register a passkey")
            .takes::<wire::AddPasskey>()
            .gives::<wire::Passkey>(),
        row(put.clone(), "/api/v1/me/passkeys/{passkey}", own, "passkey.renamed", passkeys::rename)
            .says("Name a passkey")
            .takes::<wire::Rename>()
            .gives::<wire::Passkey>(),
        row(delete.clone(), "/api/v1/me/passkeys/{passkey}", own, "passkey.removed", passkeys::remove)
            .says("Remove a passkey; asks for a second factor")
            .takes::<wire::Factor>(),
        row(post.clone(), "/api/v1/me/codes", own, "code.sent", passkeys::send_code)
            .says("Send the caller a one-time code")
            .takes::<wire::Nothing>()
            .gives::<wire::CodeSent>(),
        row(post.clone(), "/api/v1/step-ups", own, "step-up.asked", step_ups::begin)
            .says("Ask one of the caller's passkeys to sign a digest, or something that is to be done")
            .takes::<wire::BeginStepUp>()
            .gives::<wire::StepUpAsked>(),
        row(post.clone(), "/api/v1/step-ups/{step_up}", own, "step-up.proved", step_ups::answer)
            .says("Answer it; the proof's name goes along as `x-step-up` with what it is for")
            .takes::<wire::AnswerStepUp>()
            .gives::<wire::StepUpGiven>(),
        row(get, "/api/v1/publisher/tokens", publish, "token.machines", tokens::machines)
            .says("The caller's machine tokens")
            .gives::<wire::Tokens>(),
        row(post, "/api/v1/publisher/tokens", publish, "token.machine-made", tokens::make_machine)
            .says("Make a token for a machine, with scopes and an end")
            .takes::<wire::MakeMachineToken>()
            .gives::<wire::MachineToken>(),
        row(delete.clone(), "/api/v1/publisher/tokens/{token}", publish, "token.revoked", tokens::revoke_machine)
            .says("Revoke a machine token"),
        row(put, "/api/v1/staff/{id}/providers/{provider}", bank, "staff.bound", tokens::bind_staff)
            .says("Bind a provider's subject to a member of staff")
            .takes::<wire::BindStaff>(),
        row(delete, "/api/v1/staff/{id}/providers/{provider}", bank, "staff.unbound", tokens::unbind_staff)
            .says("Take a provider's bindings off a member of staff"),
    ]
}
