//! The only crate that knows WebAuthn and sign-in providers: passkeys, OpenID Connect, OAuth2.
