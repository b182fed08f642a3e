//! Pictures: looked at, decoded and encoded anew in a process with limits. What comes out was written by this host.

use crate::worker::{self, End};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use serde::{Deserialize, Serialize};
use std::io::{self, Cursor};
use std::time::Duration;
use xitai_model::code::{self, Code};
use xitai_model::limits::{MEDIA_BYTES_MAX, MEDIA_PIXELS_MAX, MEDIA_S_MAX, MEDIA_SIDE_MAX};
use xitai_model::media::{Format, hidden, sniff};

/// The hidden command of the child.
pub const WORKER_COMMAND: &str = "media-worker";
/// The child's first line: what is wanted of the picture.
pub const WANTS_PICTURE: &[u8] = b"\"picture\"";
pub const WANTS_CODES: &[u8] = b"\"codes\"";

/// What the child may answer at most: a picture of the longest sides, uncompressed.
const ANSWER_BYTES_MAX: u64 = 4 * (MEDIA_SIDE_MAX as u64).pow(2) + (1 << 20);
/// A code is found as well in a smaller picture, and much sooner.
const CODES_SIDE_MAX: u32 = 1_200;
/// Codes of one picture that are read: somebody points at one.
const CODES_MAX: usize = 4;
/// Of JPEG: finer is not seen on a phone.
const QUALITY: u8 = 85;

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// The first line of the child's answer; the picture follows.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    Done { format: Format, width: u32, height: u32 },
    Codes { texts: Vec<String> },
    Refused { code: String, detail: String },
}

/// Why a picture is not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    pub code: &'static Code,
    pub detail: String,
}

impl Refused {
    fn of(code: &'static Code, detail: impl std::fmt::Display) -> Self {
        Self { code, detail: detail.to_string() }
    }
}

/// Looks at an upload and encodes it anew. An `Err` outside is this machine's fault. Blocks; see [`MEDIA_S_MAX`].
pub fn renew(bytes: &[u8]) -> io::Result<Result<Picture, Refused>> {
    if let Err(refused) = look(bytes) {
        return Ok(Err(refused));
    }
    let time_max = Duration::from_secs(MEDIA_S_MAX);
    Ok(match worker::run(WORKER_COMMAND, WANTS_PICTURE, bytes, ANSWER_BYTES_MAX, time_max)? {
        End::Answered(answer) => read(&answer).ok_or_else(|| io::Error::other("the child's answer can't be read"))?,
        End::Overran => Err(Refused::of(code::MEDIA_TOO_LARGE, format!("more than {MEDIA_S_MAX} s"))),
        End::Died(how) => Err(Refused::of(code::MEDIA_TOO_LARGE, how)),
    })
}

/// Finds the QR codes in a picture, such as a frame of a camera. Blocks, as [`renew`] does.
pub fn codes(bytes: &[u8]) -> io::Result<Result<Vec<String>, Refused>> {
    if let Err(refused) = look(bytes) {
        return Ok(Err(refused));
    }
    let time_max = Duration::from_secs(MEDIA_S_MAX);
    let unread = || io::Error::other("the child's answer can't be read");
    Ok(match worker::run(WORKER_COMMAND, WANTS_CODES, bytes, ANSWER_BYTES_MAX, time_max)? {
        End::Answered(answer) => match serde_json::from_slice(&answer).map_err(|_| unread())? {
            Said::Codes { texts } => Ok(texts),
            Said::Refused { code, detail } => Err(Refused { code: code::find(&code).ok_or_else(unread)?, detail }),
            Said::Done { .. } => return Err(unread()),
        },
        End::Overran => Err(Refused::of(code::MEDIA_TOO_LARGE, format!("more than {MEDIA_S_MAX} s"))),
        End::Died(how) => Err(Refused::of(code::MEDIA_TOO_LARGE, how)),
    })
}

/// What needs no decoding to be refused.
pub fn look(bytes: &[u8]) -> Result<Format, Refused> {
    if bytes.len() > MEDIA_BYTES_MAX {
        return Err(Refused::of(code::MEDIA_TOO_LARGE, format!("{} bytes", bytes.len())));
    }
    let format = sniff(bytes).map_err(|code| Refused::of(code, "by its first bytes"))?;
    match hidden(bytes) {
        Some(what) => Err(Refused::of(code::MEDIA_HIDDEN, what)),
        None => Ok(format),
    }
}

fn read(answer: &[u8]) -> Option<Result<Picture, Refused>> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    Some(match serde_json::from_slice(&answer[..end]).ok()? {
        Said::Done { format, width, height } => {
            Ok(Picture { format, width, height, bytes: answer[end + 1..].to_vec() })
        }
        Said::Refused { code, detail } => Err(Refused { code: code::find(&code)?, detail }),
        Said::Codes { .. } => return None,
    })
}

/// Decodes and encodes, in the child. Photographs become JPEG, what has transparency PNG; of an animation the first
/// picture is kept. Whatever else the file held, such as where a photograph was taken, is gone.
pub fn encode_anew(bytes: &[u8]) -> Result<Picture, Refused> {
    let (mut picture, format) = decoded(bytes)?;
    if picture.width() > MEDIA_SIDE_MAX || picture.height() > MEDIA_SIDE_MAX {
        picture = picture.resize(MEDIA_SIDE_MAX, MEDIA_SIDE_MAX, FilterType::Triangle);
    }
    let mut encoded = Vec::new();
    let has_alpha = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let format = if has_alpha || format == Format::Gif {
        let encoder = PngEncoder::new_with_quality(&mut encoded, CompressionType::Default, PngFilter::Adaptive);
        picture.to_rgba8().write_with_encoder(encoder).map_err(broken)?;
        Format::Png
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut encoded, QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).map_err(broken)?;
        Format::Jpeg
    };
    Ok(Picture { format, width: picture.width(), height: picture.height(), bytes: encoded })
}

/// Reads the codes in a picture, in the child. One that can't be read in full is none.
pub fn read_codes(bytes: &[u8]) -> Result<Vec<String>, Refused> {
    let (mut picture, _) = decoded(bytes)?;
    if picture.width() > CODES_SIDE_MAX || picture.height() > CODES_SIDE_MAX {
        picture = picture.resize(CODES_SIDE_MAX, CODES_SIDE_MAX, FilterType::Triangle);
    }
    let grey = picture.to_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let at = |x: usize, y: usize| grey.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
    let found = prepared.detect_grids().into_iter().take(CODES_MAX);
    Ok(found.filter_map(|grid| grid.decode().ok().map(|(_, text)| text)).collect())
}

fn broken(fault: image::ImageError) -> Refused {
    match fault {
        image::ImageError::Limits(fault) => Refused::of(code::MEDIA_TOO_LARGE, fault),
        fault => Refused::of(code::MEDIA_BROKEN, fault),
    }
}

/// The picture as it is to be seen, within the limits on memory.
fn decoded(bytes: &[u8]) -> Result<(DynamicImage, Format), Refused> {
    let format = look(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), known(format));
    let mut limits = Limits::default();
    limits.max_alloc = Some(4 * MEDIA_PIXELS_MAX + (64 << 20));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MEDIA_PIXELS_MAX {
        return Err(Refused::of(code::MEDIA_TOO_LARGE, format!("{width} × {height} pixels")));
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok((picture, format))
}

fn known(format: Format) -> ImageFormat {
    match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::Webp => ImageFormat::WebP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
        let picture = image::RgbaImage::from_pixel(width, height, image::Rgba([200, 60, 40, alpha]));
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_encoded_anew_within_the_longest_side() {
        let photo = encode_anew(&png(MEDIA_SIDE_MAX + 100, 64, 255)).unwrap();
        assert_eq!((photo.format, photo.width), (Format::Jpeg, MEDIA_SIDE_MAX));
        let glass = encode_anew(&png(40, 30, 128)).unwrap();
        assert_eq!((glass.format, glass.width, glass.height), (Format::Png, 40, 30));
        assert_eq!(sniff(&glass.bytes), Ok(Format::Png));
    }

    /// A picture of a code, so many pixels for each of its squares.
    fn code_of(text: &str, square: u32) -> Vec<u8> {
        let code = fast_qr::QRBuilder::new(text).build().unwrap();
        let side = (code.size as u32 + 8) * square;
        let dark = |at: u32| (at / square).checked_sub(4).filter(|at| (*at as usize) < code.size);
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            let is_dark = dark(x).zip(dark(y)).is_some_and(|(x, y)| code[y as usize][x as usize].value());
            image::Luma([if is_dark { 20 } else { 235 }])
        });
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn codes_are_read_out_of_pictures_and_nothing_out_of_others() {
        let text =
            "00020101021126350008CN.XITAI0114suzhou-canteen5204581253031565802CN5914SUZHOU CANTEEN6006SUZHOU6304ABCD";
        for square in [3, 8, 60] {
            assert_eq!(read_codes(&code_of(text, square)).unwrap(), [text], "{square} pixels a square");
        }
        assert_eq!(read_codes(&png(300, 300, 255)).unwrap(), Vec::<String>::new());
        assert_eq!(read_codes(b"not a picture").unwrap_err().code.code, "media.type");
    }

    #[test]
    fn what_came_with_the_picture_is_gone() {
        let mut bytes = png(8, 8, 255);
        bytes.extend(b"GPS 31.2989,120.5853 and more behind the end");
        let kept = encode_anew(&bytes).unwrap().bytes;
        assert!(!kept.windows(3).any(|three| three == b"GPS"));
    }

    #[test]
    fn bombs_and_broken_files_are_refused() {
        let refused = |bytes: &[u8]| encode_anew(bytes).unwrap_err().code.code;
        // A header that promises 60,000 × 60,000 pixels.
        let mut bomb = png(1, 1, 255);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc_of(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(refused(&bomb), "media.too-large");
        assert_eq!(refused(&png(8, 8, 255)[..40]), "media.broken");
        assert_eq!(refused(b"<svg onload='alert(1)'/>"), "media.svg");
        assert_eq!(refused(&[&png(8, 8, 255)[..], b"<script>"].concat()), "media.hidden");
        assert_eq!(refused(&vec![0xff; MEDIA_BYTES_MAX + 1]), "media.too-large");
    }

    /// CRC-32 of a PNG chunk.
    fn crc_of(chunk: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in chunk {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
            }
        }
        !crc
    }
}
