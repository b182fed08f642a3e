//! QR codes as one path of SVG.

use super::html::Html;
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// Draws `text`; `name` is what a screen reader says. A text too long for a QR code is shown as it is.
pub fn draw(html: &mut Html, text: &str, name: &str) {
    let Ok(code) = QRBuilder::new(text).ecl(ECL::M).build() else {
        html.leaf("span", "qr-text", text);
        return;
    };
    let mut path = String::new();
    for y in 0..code.size {
        for x in 0..code.size {
            if code[y][x].value() {
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
    }
    // Four modules of quiet zone, as the norm asks.
    let view = format!("-4 -4 {0} {0}", code.size + 8);
    html.raw("<svg class=\"qr-code\" role=\"img\" shape-rendering=\"crispEdges\"").attr("viewBox", &view);
    html.attr("aria-label", name).raw("><path d=\"").text(&path).raw("\"/></svg>");
}
