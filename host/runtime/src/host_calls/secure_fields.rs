//! `secure-fields`: values that the host reads for the program, which only holds their tickets.

use crate::bindings::xitai::identity::secure_fields as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use serde::Serialize;
use xitai_model::code;
use xitai_model::ids::MatterId;
use xitai_model::limits::SECURE_FIELDS_OPEN_MAX;
use xitai_model::refusal::Refusal;
use xitai_model::secure_field::{SecureField, prepared};

#[derive(Serialize)]
struct Prepare {
    kind: String,
    purpose: String,
}

impl CallState {
    fn secure_field_prepare(&mut self, reads: &Reads<'_>, asked: Prepare) -> Result<MatterId, Halt> {
        let scope = self.scope.clone();
        let customer = scope.customer.clone().ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))?;
        let field = prepared(&asked.kind, &asked.purpose, self.now_ms)?;
        // Told here, where it is a mistake of the manifest, and not only when the customer has filled it in.
        if !scope.egress.iter().any(|egress| egress.secure_fields.contains(&field.kind)) {
            return Err(Refusal::of(code::PARTNER_FIELD_NOT_REVIEWED, field.kind.as_str()).into());
        }
        let own = MattersOf::Customer(customer, scope.program.clone());
        let (fields, _) = self.matters::<SecureField>(reads, &own, None)?;
        let open = fields.iter().filter(|(_, field)| field.is_open() && self.now_ms < field.expires_ms).count();
        if open >= SECURE_FIELDS_OPEN_MAX {
            return Err(Refusal::of(code::LIMIT_SECURE_FIELDS, format!("{open} fields are open")).into());
        }
        let matter = self.new_matter(&field);
        let id = matter.id.clone();
        self.keep_matter(matter);
        Ok(id)
    }
}

impl wit::Host for CallState {
    fn prepare(&mut self, kind: String, purpose: String) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("secure-fields.prepare", Prepare { kind, purpose }, Self::secure_field_prepare)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
