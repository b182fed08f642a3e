//! `partner`: calls to the publisher's own systems. A call is kept with the step and sent after the commit.

use crate::bindings::xitai::services::partner as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use xitai_model::bytes::Bytes;
use xitai_model::canonical::canonical;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::MatterId;
use xitai_model::limits::PARTNER_CALLS_OPEN_MAX;
use xitai_model::manifest::Egress;
use xitai_model::matter::Matter;
use xitai_model::partner::endpoint::Terms;
use xitai_model::partner::{Content, PartnerCall, Request, SealedName, SealedValue, check, queued};
use xitai_model::refusal::Refusal;
use xitai_model::secure_field::SecureField;

impl CallState {
    fn partner_call(&mut self, reads: &Reads<'_>, request: Request) -> Result<MatterId, Halt> {
        check(&request)?;
        let scope = self.scope.clone();
        let declared = scope.egress.iter().find(|egress| egress.endpoint == request.endpoint);
        let terms = match declared {
            Some(_) => reads.ports.endpoint(&scope.program, &request.endpoint, &scope.branch, reads.within)?,
            None => None,
        };
        let Some((declared, terms)) = declared.zip(terms) else {
            return Err(Refusal::of(code::PARTNER_ENDPOINT_UNKNOWN, format!("{:?}", request.endpoint)).into());
        };
        let digest = Digest::of(canonical(&request).as_bytes());
        if let Some((before, call)) = self.matter_under_key::<PartnerCall>(reads, &request.key)? {
            let same = call.request == digest;
            return if same { Ok(before.id) } else { Err(Refusal::of(code::PARTNER_KEY_CONFLICT, request.key).into()) };
        }
        if scope.partner_calls_open + self.pending.matters.made::<PartnerCall>() >= PARTNER_CALLS_OPEN_MAX {
            return Err(
                Refusal::of(code::LIMIT_PARTNER_CALLS, format!("{PARTNER_CALLS_OPEN_MAX} calls are open")).into()
            );
        }
        let values = self.take_fields(reads, &request.sealed, declared, &terms)?;
        let mut matter = self.new_matter(&queued(request.endpoint.clone(), digest, self.now_ms));
        matter.key = Some(request.key);
        matter.about = Some(format!("endpoint:{}/{}", scope.program, request.endpoint));
        let Request { method, path, body, .. } = request;
        matter.seal("content", &Content { method, path, body, values });
        let id = matter.id.clone();
        self.keep_matter(matter);
        Ok(id)
    }

    /// Takes the fields' values, all or none.
    fn take_fields(
        &mut self,
        reads: &Reads<'_>,
        sealed: &[SealedName],
        declared: &Egress,
        terms: &Terms,
    ) -> Result<Vec<SealedValue>, Halt> {
        let mut taken: Vec<Matter> = Vec::new();
        let mut values = Vec::new();
        for SealedName { name, ticket } in sealed {
            let found = self.matter::<SecureField>(reads, ticket)?;
            let own = found
                .filter(|(matter, _)| self.is_mine(matter) && matter.session.as_ref() == Some(&self.scope.session));
            let (matter, field) = own.ok_or_else(|| Refusal::of(code::SECURE_FIELD_NOT_FOUND, format!("{name:?}")))?;
            if taken.iter().any(|other| other.id == matter.id) {
                return Err(Refusal::of(code::SECURE_FIELD_TAKEN, format!("{name:?}")).into());
            }
            if !declared.secure_fields.contains(&field.kind) || !terms.secure_fields.contains(&field.kind) {
                return Err(Refusal::of(code::PARTNER_FIELD_NOT_REVIEWED, field.kind.as_str()).into());
            }
            let next = field.take(self.now_ms)?;
            let value: Option<String> = matter.unsealed("value");
            let value = value.ok_or_else(|| Refusal::of(code::SECURE_FIELD_OVER, field.kind.as_str()))?;
            let mut matter = matter.moved(&next, self.now_ms);
            matter.sealed = None;
            taken.push(matter);
            values.push(SealedValue { name: name.clone(), kind: field.kind, value });
        }
        taken.into_iter().for_each(|matter| self.keep_matter(matter));
        Ok(values)
    }
}

impl wit::Host for CallState {
    fn call(&mut self, request: wit::Request) -> wasmtime::Result<Result<String, values::Refusal>> {
        let wit::Request { endpoint, method, path, body, sealed, key } = request;
        let sealed = sealed.into_iter().map(|(name, ticket)| SealedName { name, ticket }).collect();
        let request = Request { endpoint, method, path, body: Bytes(body), sealed, key };
        let answer = self.answer("partner.call", request, Self::partner_call)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
