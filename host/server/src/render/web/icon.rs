//! The host's icons: one weight of line on a grid of 24, so that every program's pages look of one piece. A program
//! names an icon; a name that the host doesn't know draws a neutral dot, never nothing.

use super::html::Html;

/// The shape of `name`: path data, drawn with a round line.
fn shape(name: &str) -> &'static str {
    match name {
        "home" => "M4 11.2 12 4.5l8 6.7V19a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19z",
        "receipt" => "M6 3.5h12v17l-2.4-1.6-2.4 1.6-2.4-1.6-2.4 1.6L6 20.5zM9 8.5h6M9 12.5h6",
        "person" | "user" => "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
        "people" => {
            "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.6 3-5.5 6.5-5.5s6 1.9 6.5 5.5M15.5 4.3a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .8 3.2 2.5 3.5 5.1"
        }
        "search" => "M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.6 15.6l4.9 4.9",
        "speaker" => "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
        "back" => "M14.5 5.5 8 12l6.5 6.5",
        "forward" | "chevron" => "M9.5 5.5 16 12l-6.5 6.5",
        "down" => "M5.5 9.5 12 16l6.5-6.5",
        "close" => "M6 6l12 12M18 6 6 18",
        "more" => "M6 12h.01M12 12h.01M18 12h.01",
        "check" => "M5 12.5l4.7 4.7L19.5 7.5",
        "verified" => {
            "M12 2.8l2.4 1.8 3-.1.8 2.9 2.5 1.7-1 2.9 1 2.9-2.5 1.7-.8 2.9-3-.1L12 21.2l-2.4-1.8-3 .1-.8-2.9-2.5-1.7 1-2.9-1-2.9 2.5-1.7.8-2.9 3 .1zM8.7 12.2l2.3 2.3 4.4-4.6"
        }
        "plus" => "M12 5v14M5 12h14",
        "minus" => "M5 12h14",
        "info" => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.6h.01",
        "success" => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.2 12.3l2.7 2.7 5-5.4",
        "warning" => "M12 4 21 19.5H3zM12 10v4.5M12 17h.01",
        "danger" | "stop" => "M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3zM12 7.8v5M12 16.2h.01",
        "clock" | "time" => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7v5.2l3.4 2",
        "qr" => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM20 14v.01M14 20v.01",
        "bell" => "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5zM10 20.5c.5.6 1.2 1 2 1s1.5-.4 2-1",
        "star" => "M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
        "place" | "location" => {
            "M12 21s7-6.4 7-11.5a7 7 0 0 0-14 0C5 14.6 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
        }
        "food" | "bowl" => {
            "M3.5 11.5h17a8.5 8.5 0 0 1-5 7.7v1.3h-7v-1.3a8.5 8.5 0 0 1-5-7.7zM9 8.5c-1-1.5 1-2.5 0-4.5M13.5 8.5c-1-1.5 1-2.5 0-4.5"
        }
        "ticket" | "queue" => {
            "M3.5 8a1.5 1.5 0 0 1 1.5-1.5h14A1.5 1.5 0 0 1 20.5 8v2a2 2 0 0 0 0 4v2a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 16v-2a2 2 0 0 0 0-4zM14.5 6.5v2M14.5 11v2M14.5 15.5v2"
        }
        "cart" => "M3 4.5h2.5l2 10.5h10l2-7.5H6.2M9 19.5h.01M16.5 19.5h.01",
        "wallet" | "pay" => {
            "M4 7.5A2 2 0 0 1 6 5.5h11v3M4 7.5v10a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1v-9a1 1 0 0 0-1-1H5a1 1 0 0 1-1-1zM16.3 14h.01"
        }
        "settings" => {
            "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3.5v2.5M12 18v2.5M3.5 12H6M18 12h2.5M6 6l1.8 1.8M16.2 16.2 18 18M18 6l-1.8 1.8M7.8 16.2 6 18"
        }
        "document" | "file" => "M6.5 3.5h7l4.5 4.5v12.5h-11.5zM13.5 3.5V8H18M9.5 12.5h5M9.5 16h5",
        "download" => "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        "print" => "M7 8.5v-5h10v5M7 17.5H4.5v-9h15v9H17M7 14h10v6.5H7z",
        "globe" | "language" => {
            "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.7 12h16.6M12 3.5c2.3 2.4 3.4 5.3 3.4 8.5s-1.1 6.1-3.4 8.5c-2.3-2.4-3.4-5.3-3.4-8.5S9.7 5.9 12 3.5z"
        }
        "type" => "M3.5 19 9 5h1l5.5 14M5.5 14h8M16 19l3-8 3 8M17 16.5h4",
        "sun" => {
            "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1"
        }
        "history" => "M4 5v4.5h4.5M4.4 9.5A8.3 8.3 0 1 1 3.8 13M12 8v4.5l3 1.8",
        "shield" => "M12 3.5l7.5 2.8v5.2c0 4.4-3 7.6-7.5 9-4.5-1.4-7.5-4.6-7.5-9V6.3zM8.7 12l2.3 2.3 4.3-4.5",
        "link" => {
            "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1.2-1.2"
        }
        "lock" => "M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14.3v2",
        "play" => "M8 5.5v13l11-6.5z",
        "coupon" => "M4 6.5h16v4a1.5 1.5 0 0 0 0 3v4H4v-4a1.5 1.5 0 0 0 0-3zM9.5 14.5l5-5M10 10h.01M14 14h.01",
        "building" | "branch" => "M4 9.5 12 4l8 5.5M5.5 9.5v8M10 9.5v8M14 9.5v8M18.5 9.5v8M3.5 20.5h17M4.5 17.5h15",
        "chart" => "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
        "list" => "M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
        "grid" => "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
        "flag" => "M5.5 21V4M5.5 4.5c4-2 7 2 13 0v9c-6 2-9-2-13 0",
        "phone" => {
            "M5 4h4l1.7 4.5-2.2 1.7a12 12 0 0 0 5.3 5.3l1.7-2.2L20 15v4a1.5 1.5 0 0 1-1.6 1.5C10.5 20 4 13.5 3.5 5.6A1.5 1.5 0 0 1 5 4z"
        }
        "gift" => {
            "M4 9.5h16v3.5H4zM5.5 13h13v7.5h-13zM12 9.5v11M12 9.5C9 9.5 7.5 8.3 7.5 6.7S9 4.3 10 4.9c1.3.8 2 2.6 2 4.6 0-2 .7-3.8 2-4.6 1-.6 2.5.2 2.5 1.8S15 9.5 12 9.5z"
        }
        "cup" | "tea" => {
            "M4.5 8.5h12v7a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4zM16.5 10h1.5a2.5 2.5 0 0 1 0 5h-1.5M8.5 5.5V4M12.5 5.5V4"
        }
        "edit" => "M4.5 19.5l.8-4L16 4.8l3.2 3.2L8.5 18.7zM13.8 7l3.2 3.2",
        "trash" => "M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 14h9.4l.8-14M10.5 10.5v6M13.5 10.5v6",
        "key" => "M8 15.5a4 4 0 1 1 3.5-6H20v3h-2v2.5h-3v-2.5h-3.5a4 4 0 0 1-3.5 3zM7.8 11.5h.01",
        "upload" => "M12 15.5v-11M7.5 8.7 12 4.2l4.5 4.5M4.5 19.5h15",
        "logout" => "M14 4.5H5.5v15H14M10.5 12H20M16.5 8.5 20 12l-3.5 3.5",
        _ => "M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    }
}

/// What points the way that one reads: mirrored where that is from right to left.
fn points(name: &str) -> bool {
    matches!(name, "back" | "forward" | "chevron" | "logout" | "play")
}

/// Draws the icon. It is decoration: the text beside it, or the label of what carries it, says what it means.
pub fn draw(html: &mut Html, name: &str) {
    html.raw(if points(name) { "<svg class=\"icon points\"" } else { "<svg class=\"icon\"" });
    html.raw(" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"");
    html.raw(shape(name)).raw("\"/></svg>");
}

/// [`draw`] for templates.
pub fn of(name: &str) -> Html {
    let mut html = Html::new();
    draw(&mut html, name);
    html
}
