//! Other programs of the branch.

use crate::Refusal;
pub use crate::bindings::xitai::services::programs::Listing;
use crate::host::programs as host;

/// Those that the session's customer can open here, in their language.
pub fn open_here() -> Result<Vec<Listing>, Refusal> {
    host::open_here()
}

/// The ticket of the host's sheet that asks whether to open another program. `query` becomes its launch.
pub fn start(program: &str, page: &str, query: &[(&str, &str)]) -> Result<String, Refusal> {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    host::start(program, page, &query)
}
