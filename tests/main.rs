//! The whole product through its public contracts: a file for each rule, one binary for all.

mod bad_uploads;
mod database_away;
mod disk_full;
mod event_numbering;
mod four_eyes;
mod kill_nine;
mod openapi;
mod pay_rule;
mod publish_flow;
mod stop;
mod tidy;
mod two_hosts;
