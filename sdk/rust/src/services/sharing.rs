//! Pages of the program that the customer hands on, as a link and a QR code of the host's.

use crate::Refusal;
use crate::host::sharing as host;

/// The ticket of the host's own sheet for one of the manifest's pages. `query` is what the page is opened with; neither
/// it nor the words may say anything about anybody.
pub fn request(page: &str, query: &[(&str, &str)], text: &str) -> Result<String, Refusal> {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    host::request(page, &query, text)
}
