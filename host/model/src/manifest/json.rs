//! JSON that can be read in one way only.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// JSON in which no object names a member twice: parsers disagree about which of the two counts.
pub(super) struct Unambiguous(pub(super) Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Unambiguous;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Unambiguous, E> {
                Ok(Unambiguous(Value::Bool(value)))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Unambiguous, E> {
                Ok(Unambiguous(value.into()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Unambiguous, E> {
                Ok(Unambiguous(value.into()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Unambiguous, E> {
                let number = Number::from_f64(value).ok_or_else(|| E::custom("not a number"))?;
                Ok(Unambiguous(Value::Number(number)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Unambiguous, E> {
                Ok(Unambiguous(value.into()))
            }
            fn visit_unit<E>(self) -> Result<Unambiguous, E> {
                Ok(Unambiguous(Value::Null))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Unambiguous, A::Error> {
                let mut array = Vec::new();
                while let Some(Unambiguous(member)) = members.next_element()? {
                    array.push(member);
                }
                Ok(Unambiguous(Value::Array(array)))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unambiguous, A::Error> {
                let mut object = Map::new();
                while let Some((name, Unambiguous(member))) = members.next_entry::<String, Unambiguous>()? {
                    if object.insert(name.clone(), member).is_some() {
                        return Err(A::Error::custom(format!("{name:?} stands twice")));
                    }
                }
                Ok(Unambiguous(Value::Object(object)))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
