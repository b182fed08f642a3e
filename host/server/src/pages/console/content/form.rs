//! A form's words as a draft, and a draft as a form's words.

use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::words::Locale;
use crate::zone::Zone;
use xitai_model::code;
use xitai_model::content::entry::{Audience, Draft, Text};
use xitai_model::content::spot::{Position, Spot};
use xitai_model::identity::Level;
use xitai_model::ids::{PlaceId, ProgramId};
use xitai_model::money::{Currency, Money};

pub(super) struct Form<'p>(pub &'p [(String, String)]);

impl<'p> Form<'p> {
    pub(super) fn value(&self, name: &str) -> &'p str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
    fn all(&self, name: &str) -> impl Iterator<Item = &'p str> {
        let name = name.to_owned();
        self.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.trim())
    }

    /// What the form says. A field that can't be understood is named.
    pub(super) fn draft(&self, zone: Zone) -> Result<Draft, Problem> {
        let fault = |told: String| Problem::new(code::CONTENT_DRAFT).detail(told);
        let mut draft = Draft::default();
        for locale in Locale::ALL {
            let field = |name: &str| self.value(&format!("{name}-{}", locale.tag())).replace("\r\n", "\n");
            let text = Text { title: field("title"), summary: field("summary"), body: field("body") };
            if text != Text::default() {
                draft.texts.insert(locale.tag().to_owned(), text);
            }
        }
        draft.image = Some(self.value("image").to_owned()).filter(|handle| !handle.is_empty());
        let price = self.value("price");
        if !price.is_empty() {
            let currency = self.value("currency");
            let read = Currency::parse(currency).and_then(|currency| Money::parse_digits(price, currency));
            draft.price = Some(read.ok_or_else(|| fault(format!("price: `{price} {currency}` is no amount")))?);
        }
        let tags = self.value("tags").split([',', '，', '、', '\n']).map(|tag| tag.trim().to_owned());
        draft.tags = tags.filter(|tag| !tag.is_empty()).collect();
        if let Some((program, page)) = self.value("opens").split_once('|') {
            draft.opens = Some((ProgramId::parse(program)?, page.to_owned()));
        }
        draft.spot = self.spot().map_err(fault)?;
        for line in self.value("details").lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.split_once([':', '：']).ok_or_else(|| fault(format!("details: `{line}`")))?;
            draft.details.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        draft.documents = self.value("documents").split_whitespace().map(str::to_owned).collect();
        draft.regulated = self.value("regulated") == "on";
        draft.from_ms = self.instant("from", zone).map_err(fault)?;
        draft.until_ms = self.instant("until", zone).map_err(fault)?;
        let places = self.all("audience").filter(|id| !id.is_empty()).map(PlaceId::parse);
        let level = Some(self.value("level")).filter(|level| !level.is_empty());
        let level = level.map(|level| serde_json::from_value(serde_json::Value::from(level)));
        draft.audience = Audience {
            places: places.collect::<Result<_, _>>()?,
            level: level.transpose().map_err(|_| fault("level".to_owned()))?,
        };
        Ok(draft)
    }

    fn spot(&self) -> Result<Option<Spot>, String> {
        let text = self.value("position");
        let position = match Position::parse(text) {
            None if !text.is_empty() => return Err(format!("position: `{text}` is not LATITUDE,LONGITUDE")),
            position => position,
        };
        let spot =
            Spot { district: self.value("district").to_owned(), hours: self.value("hours").to_owned(), position };
        Ok((spot != Spot::default()).then_some(spot))
    }

    fn instant(&self, name: &str, zone: Zone) -> Result<Option<i64>, String> {
        match self.value(name) {
            "" => Ok(None),
            text => calendar::read(zone, text).map(Some).ok_or_else(|| format!("{name}: `{text}` is no date and time")),
        }
    }
}

/// Levels that an audience may ask for.
pub(super) const LEVELS: [(Level, &str); 3] =
    [(Level::Registered, "registered"), (Level::Verified, "verified"), (Level::AccountHolder, "account-holder")];

/// A moment as a field of the form has it.
pub(super) fn written(zone: Zone, at_ms: Option<i64>) -> String {
    at_ms.map(|at| calendar::stamp(zone, at)[..16].to_owned()).unwrap_or_default()
}
