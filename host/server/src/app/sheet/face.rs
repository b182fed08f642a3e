//! What a sheet holds, as it is drawn.

use crate::app::session::{LegView, SheetBody};
use crate::render::web::sheet::{BodyFace, LegFace, PayFace, TenderFace};

impl From<&SheetBody> for BodyFace {
    fn from(body: &SheetBody) -> Self {
        let leg =
            |leg: &LegView| LegFace { legal_name: leg.legal_name.clone(), role: leg.role.clone(), amount: leg.amount };
        match body {
            SheetBody::Pay { payable, amount, discount, legs, lines, purpose, tenders } => BodyFace::Pay(PayFace {
                tenders: tenders
                    .iter()
                    .map(|it| TenderFace { id: it.id.clone(), tender: it.tender.clone(), chosen: it.chosen })
                    .collect(),
                payable: *payable,
                amount: *amount,
                discount: *discount,
                legs: legs.iter().map(leg).collect(),
                lines: lines.clone(),
                purpose: purpose.clone(),
            }),
            SheetBody::Ask { title, parts, confirm } => {
                BodyFace::Ask { title: title.clone(), parts: parts.clone(), confirm: confirm.clone() }
            }
        }
    }
}
