//! Draws a program's checked screen and the host's sheets, one folder a channel.

pub mod text;
pub mod web;
