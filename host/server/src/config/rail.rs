//! Another rail that carries payments: the bank's core, or a network of cards. `docs/rail.md` is what its people read.

use xitai_egress::Target;
use xitai_egress::signature::Secret;
use xitai_model::ids::RailId;
use xitai_model::money::Currency;
use xitai_model::tender::TenderKind;

#[derive(Debug, Clone)]
pub struct RailConfig {
    /// Names its clearing account in the books, so that it stays the same for ever.
    pub id: RailId,
    pub base: Target,
    pub secret: Secret,
    pub tenders: Vec<TenderKind>,
    pub currencies: Vec<Currency>,
    /// The rail's own page where cards are entered, for browsers.
    pub cards: String,
}

#[derive(Debug, Clone, clap::Args)]
pub struct RailArgs {
    /// Address of another rail that carries payments, such as the bank's core; instructions go to /v1/instructions below it
    #[arg(long, env = "XITAI_RAIL", value_parser = Target::parse, requires = "rail_secret")]
    pub rail: Option<Target>,
    /// The secret that signs what it is told, as `whsec_` and base64 of 32 bytes
    #[arg(long, env = "XITAI_RAIL_SECRET", hide_env_values = true, value_parser = super::secret, requires = "rail")]
    pub rail_secret: Option<Secret>,
    /// Its name in the books; never changed once money has moved
    #[arg(long, env = "XITAI_RAIL_NAME", default_value = "core", value_parser = name)]
    pub rail_name: RailId,
    /// What it carries: `account`, `card`, or both
    #[arg(long, env = "XITAI_RAIL_TENDERS", value_delimiter = ',', default_value = "card", value_parser = tender)]
    pub rail_tenders: Vec<TenderKind>,
    /// Its page where customers enter a card, as browsers reach it; without it /bind below its address
    #[arg(long, env = "XITAI_RAIL_CARDS")]
    pub rail_cards: Option<String>,
    /// In which currencies
    #[arg(long, env = "XITAI_RAIL_CURRENCIES", value_delimiter = ',', default_value = "CNY", value_parser = currency)]
    pub rail_currencies: Vec<Currency>,
}

impl RailArgs {
    pub fn config(self) -> Option<RailConfig> {
        let (base, secret) = self.rail.zip(self.rail_secret)?;
        let (tenders, currencies) = (self.rail_tenders, self.rail_currencies);
        let cards = self.rail_cards.unwrap_or_else(|| format!("{}/bind", base.url().trim_end_matches('/')));
        Some(RailConfig { id: self.rail_name, base, secret, tenders, currencies, cards })
    }
}

fn name(text: &str) -> Result<RailId, String> {
    RailId::parse(text).map_err(|bad| bad.to_string())
}

fn tender(text: &str) -> Result<TenderKind, &'static str> {
    [TenderKind::Account, TenderKind::Card]
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or("account or card: cash is carried by nobody")
}

fn currency(text: &str) -> Result<Currency, &'static str> {
    let known = Currency::parse(text).filter(|currency| currency.numeric().is_some());
    known.ok_or("a currency of ISO 4217 that the bank keeps, such as CNY")
}
