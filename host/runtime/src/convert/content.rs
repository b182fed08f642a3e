//! Reviewed content: queries come in, entries go out.

use crate::bindings::xitai::content::library as wit;
use xitai_model::content::{ContentEntry, Query};

impl From<wit::Query> for Query {
    fn from(it: wit::Query) -> Self {
        Self { kind: it.kind, tag: it.tag, text: it.text, near: it.near }
    }
}

impl From<ContentEntry> for wit::Entry {
    fn from(it: ContentEntry) -> Self {
        Self {
            id: it.id.into(),
            kind: it.kind,
            title: it.title,
            summary: it.summary,
            body: it.body,
            image: it.image,
            price: it.price.map(Into::into),
            published: it.published_ms,
            tags: it.tags,
            opens: it.opens.map(|(program, page)| (program.into(), page)),
            details: it.details,
            documents: it.documents,
        }
    }
}
