//! The whole product through its public contracts: a file for each rule, one binary for all.

mod attacks;
mod backup_restore;
mod bad_uploads;
mod branch_queue;
mod browser_app;
mod browser_console;
mod browser_publisher;
mod canteen;
mod database_away;
mod disk_full;
mod erase;
mod event_numbering;
mod four_eyes;
mod hostile;
mod hostile_guest;
mod kill_nine;
mod launch;
mod openapi;
mod pay_rule;
mod publish_flow;
mod replay;
mod stop;
mod tidy;
mod two_hosts;
mod verify_flipped_byte;
