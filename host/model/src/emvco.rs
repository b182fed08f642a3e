//! EMVCo's codes for payments, in both directions: what a merchant shows, as text of two-digit tags closed by a checksum
//! ([`merchant`]), and what a customer shows, as BER-TLV in base64 ([`customer`]).

pub mod customer;
mod fields;
pub mod merchant;
#[cfg(test)]
mod samples;

pub use merchant::{MerchantCode, make, read};
