//! BER-TLV, as far as chip cards and their codes use it: definite lengths, tags of up to three bytes.

/// A tag with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// As its bytes read as one number, such as `0x9f26`.
    pub tag: u32,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Bytes(Vec<u8>),
    /// Of a tag whose sixth bit says that it is a template.
    Elements(Vec<Element>),
}

/// Templates within templates: the format needs two.
const DEPTH_MAX: usize = 4;
/// In the first byte of a tag: it holds elements.
const CONSTRUCTED: u8 = 0x20;
/// In the first byte of a tag: more bytes follow.
const GOES_ON: u8 = 0x1f;

impl Element {
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Bytes(bytes) => Some(bytes),
            Value::Elements(_) => None,
        }
    }
    pub fn elements(&self) -> Option<&[Element]> {
        match &self.value {
            Value::Elements(elements) => Some(elements),
            Value::Bytes(_) => None,
        }
    }
}

pub(super) fn find(elements: &[Element], tag: u32) -> Option<&Element> {
    elements.iter().find(|element| element.tag == tag)
}

/// All of the bytes, or nothing.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Element>> {
    read_within(bytes, 1)
}

fn read_within(mut rest: &[u8], depth: usize) -> Option<Vec<Element>> {
    if depth > DEPTH_MAX {
        return None;
    }
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (tag, constructed) = take_tag(&mut rest)?;
        let length = take_length(&mut rest)?;
        let (value, after) = rest.split_at_checked(length)?;
        rest = after;
        let value =
            if constructed { Value::Elements(read_within(value, depth + 1)?) } else { Value::Bytes(value.to_vec()) };
        elements.push(Element { tag, value });
    }
    Some(elements)
}

fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

fn take_tag(rest: &mut &[u8]) -> Option<(u32, bool)> {
    let first = take(rest)?;
    let mut tag = u32::from(first);
    if first & GOES_ON == GOES_ON {
        for more in 0.. {
            let byte = take(rest)?;
            tag = tag << 8 | u32::from(byte);
            if byte & 0x80 == 0 {
                break;
            }
            if more == 1 {
                return None;
            }
        }
    }
    Some((tag, first & CONSTRUCTED != 0))
}

/// One byte up to 127; else how many bytes of length follow: one or two of them.
fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let first = take(rest)?;
    match first {
        0..=0x7f => Some(usize::from(first)),
        0x81 => take(rest).map(usize::from),
        0x82 => Some(usize::from(take(rest)?) << 8 | usize::from(take(rest)?)),
        _ => None,
    }
}

pub(super) fn write(elements: &[Element]) -> Vec<u8> {
    let mut out = Vec::new();
    for element in elements {
        let value = match &element.value {
            Value::Bytes(bytes) => bytes.clone(),
            Value::Elements(inner) => write(inner),
        };
        let tag = element.tag.to_be_bytes();
        out.extend(tag.iter().skip_while(|byte| **byte == 0));
        match value.len() {
            short @ 0..=0x7f => out.push(short as u8),
            middle @ 0x80..=0xff => out.extend([0x81, middle as u8]),
            long => out.extend([0x82, (long >> 8) as u8, long as u8]),
        }
        out.extend(value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_and_tags_are_read_in_each_of_their_forms() {
        let long = [b"\x5a\x81\x80".as_slice(), &[7; 128]].concat();
        assert_eq!(read(&long).unwrap()[0].bytes().unwrap().len(), 128);
        let longer = [b"\x5a\x82\x01\x00".as_slice(), &[7; 256]].concat();
        assert_eq!(write(&read(&longer).unwrap()), longer);
        assert_eq!(read(b"\x9f\x81\x01\x01A").unwrap()[0].tag, 0x9f_8101);
        let refused: [&[u8]; 8] = [
            b"\x5a",
            b"\x5a\x02A",
            b"\x9f",
            b"\x9f\x81\x81\x01\x01A",
            b"\x5a\x80A\x00\x00",
            b"\x5a\x83\x00\x00\x01A",
            b"\x61\x02\x5a\x02",
            b"\x61\x08\x61\x06\x61\x04\x61\x02\x61\x00",
        ];
        for bytes in refused {
            assert_eq!(read(bytes), None, "{bytes:02x?}");
        }
    }

    fn elements() -> impl Strategy<Value = Vec<Element>> {
        let tags = prop_oneof![Just(0x4f_u32), Just(0x85), Just(0x9f26), Just(0x5f20), Just(0x9f_8101)];
        let bytes = proptest::collection::vec(any::<u8>(), 0..300);
        let plain = (tags, bytes).prop_map(|(tag, bytes)| Element { tag, value: Value::Bytes(bytes) });
        let inner = proptest::collection::vec(plain.clone(), 0..3);
        let template = inner.prop_map(|inner| Element { tag: 0x61, value: Value::Elements(inner) });
        proptest::collection::vec(prop_oneof![plain, template], 0..4)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(all in elements()) {
            prop_assert_eq!(read(&write(&all)), Some(all));
        }
        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = read(&bytes);
        }
    }
}
