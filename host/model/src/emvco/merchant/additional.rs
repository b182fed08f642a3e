//! The templates within a code: the additional data of tag 62, and names in the merchant's own language of tag 64.

use super::{ADDITIONAL_CHARS_MAX, CITY_CHARS_MAX, NAME_CHARS_MAX};
use crate::code;
use crate::emvco::fields::{Fields, Read};

const TAX_ID_CHARS_MAX: usize = 20;

/// What asks the payer to type a value themselves.
pub(super) const ASKED: &str = "***";

/// Name and city in a language of the merchant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// Two letters of ISO 639.
    pub language: String,
    pub name: String,
    pub city: Option<String>,
    pub unknown: Vec<(u8, String)>,
}

/// A value of the additional data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Text(String),
    /// The payer types it.
    Asked,
}

/// The additional data of tag 62.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additional {
    pub bill: Option<Said>,
    pub mobile: Option<Said>,
    pub store: Option<Said>,
    pub loyalty: Option<Said>,
    pub reference: Option<Said>,
    pub customer: Option<Said>,
    pub terminal: Option<Said>,
    pub purpose: Option<Said>,
    /// What else of the payer is wanted: `A` address, `M` mobile number, `E` mail address.
    pub wanted: Option<String>,
    pub tax_id: Option<String>,
    pub channel: Option<String>,
    pub unknown: Vec<(u8, String)>,
}

impl Said {
    fn read(text: String) -> Self {
        if text == ASKED { Said::Asked } else { Said::Text(text) }
    }
    fn text(&self) -> String {
        match self {
            Said::Text(text) => text.clone(),
            Said::Asked => ASKED.to_owned(),
        }
    }
}

impl Additional {
    pub(super) fn read(template: &str) -> Read<Self> {
        let mut fields = Fields::read(template)?;
        let mut said = |tag| -> Read<Option<Said>> { Ok(fields.text(tag, ADDITIONAL_CHARS_MAX)?.map(Said::read)) };
        Ok(Self {
            bill: said(1)?,
            mobile: said(2)?,
            store: said(3)?,
            loyalty: said(4)?,
            reference: said(5)?,
            customer: said(6)?,
            terminal: said(7)?,
            purpose: said(8)?,
            wanted: fields.text(9, 3)?,
            tax_id: fields.text(10, TAX_ID_CHARS_MAX)?,
            channel: fields.text(11, 3)?,
            unknown: fields.rest(),
        })
    }

    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::from(self.unknown.clone());
        let said = [&self.bill, &self.mobile, &self.store, &self.loyalty, &self.reference, &self.customer];
        let said = said.into_iter().chain([&self.terminal, &self.purpose]);
        for (tag, value) in (1..).zip(said) {
            fields.put_some(tag, value.as_ref().map(Said::text).as_ref());
        }
        fields.put_some(9, self.wanted.as_ref());
        fields.put_some(10, self.tax_id.as_ref());
        fields.put_some(11, self.channel.as_ref());
        fields
    }
}

impl Local {
    pub(super) fn read(template: &str) -> Read<Self> {
        let mut fields = Fields::read(template)?;
        let language = fields.text(0, 2)?.filter(|it| it.len() == 2).ok_or(code::MERCHANT_CODE_MALFORMED)?;
        let name = fields.text(1, NAME_CHARS_MAX)?.ok_or(code::MERCHANT_CODE_MALFORMED)?;
        Ok(Self { language, name, city: fields.text(2, CITY_CHARS_MAX)?, unknown: fields.rest() })
    }

    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::from(self.unknown.clone());
        fields.put(0, self.language.clone());
        fields.put(1, self.name.clone());
        fields.put_some(2, self.city.as_ref());
        fields
    }
}
