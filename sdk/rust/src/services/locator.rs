//! Where the customer is, as they say on the host's sheet.

use crate::Refusal;
use crate::host::locator as host;

/// What a customer said.
#[derive(Debug, Clone, PartialEq)]
pub enum Whereabouts {
    /// Latitude and longitude in degrees, rounded to about a hundred metres.
    Position(f64, f64),
    /// The name of a district.
    District(String),
}

/// The ticket of the host's own sheet; show it with [`crate::Step::sheet`].
pub fn request(purpose: &str) -> Result<String, Refusal> {
    host::request(purpose)
}

/// Reads the text that comes with [`crate::Event::SheetClosed`].
pub fn read(text: &str) -> Option<Whereabouts> {
    match text.split_once(' ')? {
        ("position", degrees) => {
            let (latitude, longitude) = degrees.split_once(',')?;
            Some(Whereabouts::Position(latitude.parse().ok()?, longitude.parse().ok()?))
        }
        ("district", name) => Some(Whereabouts::District(name.to_owned())),
        _ => None,
    }
}
