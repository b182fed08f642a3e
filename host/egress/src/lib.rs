//! The only crate that calls other people's systems over HTTP: addresses, TLS, limits, signatures.
