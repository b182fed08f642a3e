//! Sessions that customers give away.

use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveAway {
    /// That whoever wrote the program may read all of it.
    #[serde(default)]
    pub agreed: bool,
}

/// A session as `xitai replay` and `xitai shadow` read it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the JSON of a recording")]
pub struct SessionRecording {
    format: String,
    program: String,
    session: String,
    made_ms: i64,
    /// The releases that performed it, with the digests of package and component.
    #[schema(value_type = Vec<Object>)]
    releases: (),
    /// Each step with what the program was told, what it asked the host, and what came.
    #[schema(value_type = Vec<Object>)]
    steps: (),
}
