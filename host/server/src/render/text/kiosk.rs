//! A screen as the kiosk cuts it.

use super::node;
use crate::render::kiosk::pages::{Page, Part, layout};
use xitai_model::screen::Screen;

/// Draws each page, and under all of them what stays on each.
pub fn kiosk(screen: &Screen) -> String {
    let layout = layout(screen);
    let mut lines = vec![format!("# {}", screen.title)];
    for (number, page) in layout.pages.iter().enumerate() {
        drawn(screen, page, (number + 1, layout.pages.len()), &mut lines);
    }
    if !layout.pinned.is_empty() {
        lines.push("--- on each page".to_owned());
        layout.pinned.iter().for_each(|index| node(screen, *index, 0, 0, &mut lines));
    }
    lines.join("\n")
}

fn drawn(screen: &Screen, page: &Page, (number, of): (usize, usize), lines: &mut Vec<String>) {
    let section = page.section.as_deref().map(|section| format!(" … {section}")).unwrap_or_default();
    lines.push(format!("--- page {number} of {of}{section}"));
    for part in &page.parts {
        match part {
            Part::Title(title) => lines.push(format!("== {title}")),
            Part::Node(index) => node(screen, *index, 0, 0, lines),
            Part::More(index) => {
                let id = screen.nodes.get(*index as usize).map(|node| node.id.as_str()).unwrap_or_default();
                lines.push(format!("more [{id}]"));
            }
        }
    }
}
