//! Bundles of a zone page as people fill them in: a title in each language, programs, and for whom.

use super::audience::Fields;
use super::program_card;
use super::view::BundleRow;
use crate::app::catalog::Catalog;
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::words::{Locale, Words};
use crate::zone::Zone;
use xitai_model::limits::BUNDLE_CARDS_MAX;
use xitai_model::zone_page::{Bundle, Step};

/// One bundle of the form, whether it can be read or not.
#[derive(Debug, Clone, Default)]
pub struct Bundling {
    /// Tag and title.
    titles: Vec<(String, String)>,
    programs: Vec<String>,
    pub fields: Fields,
}

impl Bundling {
    pub fn of(bundle: &Bundle, zone: Zone) -> Self {
        Self {
            titles: bundle.titles.iter().map(|(tag, title)| (tag.clone(), title.clone())).collect(),
            programs: bundle.programs.iter().map(ToString::to_string).collect(),
            fields: Fields::of(&bundle.audience, zone),
        }
    }

    pub fn posted(group: Vec<(String, String)>) -> Self {
        let titles = group.iter().filter_map(|(name, value)| {
            let tag = name.strip_prefix("title.")?;
            Some((tag.to_owned(), value.trim().to_owned())).filter(|(_, title)| !title.is_empty())
        });
        let programs = group.iter().filter(|(name, value)| name == "bundled" && !value.is_empty());
        let (titles, programs) = (titles.collect(), programs.map(|(_, value)| value.clone()).collect());
        Self { titles, programs, fields: Fields::posted(&Posted(group)) }
    }

    pub fn read(&self, zone: Zone) -> Result<Bundle, Problem> {
        Ok(Bundle {
            titles: self.titles.iter().cloned().collect(),
            programs: self.programs.iter().map(|id| program_id(id)).collect::<Result<_, _>>()?,
            audience: self.fields.read(zone)?,
        })
    }

    pub fn row(&self, catalog: &Catalog, summary: String, words: &Words) -> BundleRow {
        let title = |locale: Locale| {
            let found = self.titles.iter().find(|(tag, _)| Locale::of_tag(tag) == Some(locale));
            (locale.tag(), locale.own_name().to_owned(), found.map(|(_, title)| title.clone()).unwrap_or_default())
        };
        let titles = Locale::ALL.map(title).to_vec();
        let own = titles.iter().find(|(tag, _, title)| *tag == words.tag() && !title.is_empty());
        let name = own.or_else(|| titles.iter().find(|(_, _, title)| !title.is_empty())).map(|(_, _, it)| it.clone());
        let all: Vec<(String, String)> = catalog
            .rollouts
            .keys()
            .filter(|id| !catalog.is_retired(id))
            .map(|id| (id.to_string(), program_card(catalog, id, words).name))
            .collect();
        let choice = |at: usize| {
            let chosen = self.programs.get(at);
            all.iter().map(|(id, name)| (id.clone(), name.clone(), chosen == Some(id))).collect()
        };
        BundleRow {
            name: name.unwrap_or_else(|| words.say("bundle-new")),
            choices: (0..BUNDLE_CARDS_MAX).map(choice).collect(),
            fields: self.fields.clone(),
            summary,
            titles,
        }
    }
}

/// Does what a button says that changes only the form. Says whether it was one of those.
pub fn changed(bundles: &mut Vec<Bundling>, button: &str) -> bool {
    let (word, at) = button.split_once('-').unwrap_or((button, ""));
    let count = bundles.len();
    let at = at.parse().ok().filter(|at: &usize| *at < count);
    match (word, at) {
        ("add", _) => bundles.push(Bundling::default()),
        ("remove", Some(at)) => drop(bundles.remove(at)),
        ("up", Some(at)) => bundles.swap(at, Step::Up.from(at, count)),
        ("down", Some(at)) => bundles.swap(at, Step::Down.from(at, count)),
        _ => return false,
    }
    true
}
