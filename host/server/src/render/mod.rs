//! Draws a program's checked screen and the host's sheets, one folder a channel.
//!
//! All are pure: the same screen, words and moment give the same drawing. `web` draws for phone and browser, `kiosk`
//! the same elements in pages, `chat` as messages with numbers; `embed` draws within a partner's page; `a2ui` is for
//! native apps that have a renderer of it; `text` writes down what each of them shows, for scenes and reviews.

pub mod a2ui;
pub mod chat;
pub mod embed;
pub mod kiosk;
pub mod text;
pub mod web;
