//! Where something is: a district, and a position on the earth.

use serde::{Deserialize, Serialize};

/// A place's district, hours and position, as customers ask for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Such as `工业园区`.
    pub district: String,
    /// Such as `09:00-17:00`.
    pub hours: String,
    #[serde(default)]
    pub position: Option<Position>,
}

/// Millionths of a degree: a tenth of a metre, and exact in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub latitude: i32,
    pub longitude: i32,
}

const MICRO: f64 = 1_000_000.0;
const EARTH_RADIUS_M: f64 = 6_371_008.8;

impl Position {
    /// Reads `31.2989,120.5853`.
    pub fn parse(text: &str) -> Option<Self> {
        let (latitude, longitude) = text.split_once(',')?;
        Some(Self { latitude: degrees(latitude, 90)?, longitude: degrees(longitude, 180)? })
    }
    /// Along the surface of a sphere, which is within half a percent of the truth.
    pub fn metres_to(self, other: Self) -> u32 {
        let radians = |micro: i32| (f64::from(micro) / MICRO).to_radians();
        let (from, to) = (radians(self.latitude), radians(other.latitude));
        let turn = radians(other.longitude) - radians(self.longitude);
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let chord = half(to - from) + from.cos() * to.cos() * half(turn);
        (2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()).round() as u32
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6},{:.6}", f64::from(self.latitude) / MICRO, f64::from(self.longitude) / MICRO)
    }
}

fn degrees(text: &str, most: i32) -> Option<i32> {
    let text = text.trim();
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    let value: f64 = text.parse().ok().filter(|_| plain)?;
    (value.abs() <= f64::from(most)).then(|| (value * MICRO).round() as i32)
}

/// What `near` of a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    District(String),
    Around { position: Position, metres: Option<u32> },
}

impl Near {
    /// A position where it reads as one, else the name of a district.
    pub fn parse(text: &str) -> Self {
        let parts: Vec<&str> = text.split(',').collect();
        let position = |a: &str, b: &str| Position::parse(&format!("{a},{b}"));
        match parts[..] {
            [a, b] if let Some(position) = position(a, b) => Self::Around { position, metres: None },
            [a, b, c] if let (Some(position), Ok(metres)) = (position(a, b), c.trim().parse()) => {
                Self::Around { position, metres: Some(metres) }
            }
            _ => Self::District(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_and_measured() {
        let suzhou = Position::parse("31.2989, 120.5853").unwrap();
        assert_eq!(suzhou.to_string(), "31.298900,120.585300");
        assert_eq!(Position::parse(&suzhou.to_string()), Some(suzhou));
        // From Suzhou to Nanjing it is 190 km.
        let nanjing = Position::parse("32.0603,118.7969").unwrap();
        assert!((185_000..195_000).contains(&suzhou.metres_to(nanjing)), "{}", suzhou.metres_to(nanjing));
        assert_eq!(suzhou.metres_to(suzhou), 0);
        for text in ["91,0", "0,181", "north,south", "1e1,2", "nan,1", "", "31.2", ","] {
            assert_eq!(Position::parse(text), None, "{text}");
        }
    }

    #[test]
    fn near_is_a_position_or_a_district() {
        let position = Position { latitude: 31_000_000, longitude: 120_000_000 };
        assert_eq!(Near::parse("31,120"), Near::Around { position, metres: None });
        assert_eq!(Near::parse("31,120,500"), Near::Around { position, metres: Some(500) });
        for district in ["工业园区", "a,b", "31,120,far", "31"] {
            assert_eq!(Near::parse(district), Near::District(district.to_owned()));
        }
    }
}
