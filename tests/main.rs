//! The whole product through its public contracts: a file for each rule, one binary for all.

mod bad_uploads;
mod event_numbering;
mod four_eyes;
mod pay_rule;
mod publish_flow;
mod tidy;
