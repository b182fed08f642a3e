//! How pages look for the one who asks: language, theme, size of type. Chosen by the address, else by a cookie, else by
//! the customer's profile, else by the browser.

use super::assets;
use super::cards::place_name;
use super::shell::Shell;
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use crate::words::{Locale, Words};
use crate::zone::Zone;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use std::sync::Arc;

pub const LOCALE_COOKIE: &str = "xitai_locale";
pub const THEME_COOKIE: &str = "xitai_theme";
pub const ELDER_COOKIE: &str = "xitai_elder";

#[derive(Debug, Clone, Copy)]
pub struct Look {
    locale: Locale,
    theme: &'static str,
    elder: bool,
    zone: Zone,
    /// The address said so: the choice of language is to be kept.
    chosen: bool,
    /// The same of the size of type.
    sized: bool,
    /// What the host has heard of before the page is drawn.
    heard: u64,
}

/// The theme of a name; the system's where it is unknown.
pub fn theme(name: &str) -> &'static str {
    ["light", "dark"].into_iter().find(|theme| *theme == name).unwrap_or("auto")
}

/// A cookie of the pages' own, for a year. Scripts need none of them.
pub fn cookie(name: &str, value: &str) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    HeaderValue::from_str(&text).expect("names and values are the host's own words")
}

/// What ends such a cookie: whoever comes next at a device of many finds nobody's choices.
pub fn forgotten(name: &str) -> HeaderValue {
    let text = format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    HeaderValue::from_str(&text).expect("names are the host's own words")
}

/// The value of a cookie that came along.
pub fn held<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

impl Look {
    /// From the headers alone, on the bank's clock.
    pub fn of(headers: &HeaderMap, zone: Zone) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let kept = held(headers, LOCALE_COOKIE).and_then(Locale::of_tag);
        Self {
            locale: kept.or_else(|| Locale::of_accept_language(accepted?)).unwrap_or(Locale::ZhCn),
            theme: theme(held(headers, THEME_COOKIE).unwrap_or_default()),
            elder: held(headers, ELDER_COOKIE) == Some("on"),
            zone,
            chosen: false,
            sized: false,
            heard: 0,
        }
    }
    /// The same as the query of an address chooses otherwise.
    pub fn chosen_by(mut self, query: &str) -> Self {
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match (name, Locale::of_tag(value)) {
                ("lang", Some(locale)) => (self.locale, self.chosen) = (locale, true),
                ("elder", _) if matches!(value, "on" | "off") => (self.elder, self.sized) = (value == "on", true),
                _ => {}
            }
        }
        self
    }
    /// The same on a page at this path: the staff's pages speak fewer languages.
    pub fn at(self, path: &str) -> Self {
        let is_desk = path.starts_with("/console") || path.starts_with("/publisher");
        Self { locale: if is_desk { self.locale.for_staff() } else { self.locale }, ..self }
    }
    pub fn words(&self) -> Words {
        Words::of(self.locale, self.zone)
    }
    pub fn theme(&self) -> &'static str {
        self.theme
    }
    pub fn elder(&self) -> bool {
        self.elder
    }
    /// The number of the newest change that the page knows of at least.
    pub fn heard(&self) -> u64 {
        self.heard
    }
    /// What surrounds a page for customers. Without a catalog, which a page for a problem has not, it names no bank.
    pub fn shell(&self, catalog: Option<&Catalog>, here: &'static str) -> Shell {
        Shell {
            bank: self.bank(catalog),
            words: self.words(),
            theme: self.theme,
            elder: self.elder,
            here,
            unread: 0,
            practice: false,
            assets: assets::mark(),
            origin: String::new(),
        }
    }
    pub fn bank(&self, catalog: Option<&Catalog>) -> String {
        let bank = catalog.and_then(|catalog| Some((catalog, catalog.bank()?)));
        bank.map_or_else(|| self.words().say("bank-name"), |(all, bank)| place_name(all, &bank.id, &self.words()))
    }
    /// Whether the address said which language.
    pub fn is_chosen(&self) -> bool {
        self.chosen
    }
    /// The cookies that keep what the address has chosen.
    pub fn kept(&self) -> impl Iterator<Item = HeaderValue> {
        let locale = self.chosen.then(|| cookie(LOCALE_COOKIE, self.locale.tag()));
        locale.into_iter().chain(self.sized.then(|| cookie(ELDER_COOKIE, if self.elder { "on" } else { "off" })))
    }
}

impl FromRequestParts<Arc<App>> for Look {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let mut look = Look { heard: app.live.seq(), ..Look::of(&parts.headers, app.config.zone) };
        if let Some(customer) = parts.extensions.get::<Ctx>().and_then(Ctx::customer) {
            if held(&parts.headers, LOCALE_COOKIE).is_none() {
                look.locale = Locale::of_tag(&customer.profile.locale).unwrap_or(look.locale);
            }
            look.zone = customer.profile.zone.parse().unwrap_or(look.zone);
            if held(&parts.headers, ELDER_COOKIE).is_none() {
                look.elder = customer.profile.elder_mode;
            }
        }
        Ok(look.chosen_by(parts.uri.query().unwrap_or_default()).at(parts.uri.path()))
    }
}
