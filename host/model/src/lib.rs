//! The bank's rules. No I/O, no clock, no randomness: time and random bytes come in as arguments.
//!
//! Everything here is a value or a pure function. The crates around it supply the outside world: `xitai-runtime`
//! runs programs, `xitai-store` keeps rows, `xitai-server` speaks HTTP. Types that derive `serde` are documents
//! that the product keeps or publishes (the journal, the screen, the manifest); the wire's own shapes are in the
//! server.

pub mod agreement;
pub mod attachment;
pub mod audit;
pub mod books;
pub mod bytes;
pub mod campaign;
pub mod canonical;
pub mod card;
pub mod cash;
pub mod checkpoint;
pub mod claims;
pub mod code;
pub mod commit;
pub mod consent;
pub mod content;
pub mod contract;
pub mod coupon;
pub mod day;
pub mod digest;
pub mod dispute;
pub mod emvco;
pub mod envelope;
pub mod errand;
pub mod feedback;
pub mod identity;
pub mod ids;
pub mod journal;
pub mod ledger;
pub mod limits;
pub mod mandate;
pub mod manifest;
pub mod matter;
pub mod media;
pub mod merchant;
pub mod merkle;
pub mod money;
pub mod notice;
pub mod partner;
pub mod payment;
pub mod payout;
pub mod place;
pub mod policy;
pub mod predicate;
pub mod presence;
pub mod program;
pub mod promotion;
pub mod proof;
pub mod proposal;
pub mod rail;
pub mod reconciliation;
pub mod record;
pub mod refusal;
pub mod relationship;
pub mod release;
pub mod review;
pub mod risk;
pub mod rollout;
pub mod scene;
pub mod screen;
pub mod secure_field;
pub mod services;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod signature;
pub mod spending;
pub mod stop;
pub mod tender;
pub mod text;
pub mod trial;
