//! The bank's own links on a screen. A program writes them from `/miniapp/` on: it runs at whichever bank, and knows no
//! origin.

use super::{Element, Screen};

/// What a link of the bank's own begins with behind its origin.
const LINK: &str = "/miniapp/";

impl Screen {
    /// The screen with its codes as a camera reads them, each link with the bank's origin before it; nothing where there
    /// is none.
    pub fn with_origin(&self, origin: &str) -> Option<Screen> {
        if !self.nodes.iter().any(|node| matches!(&node.element, Element::Qr(text) if text.starts_with(LINK))) {
            return None;
        }
        let mut seen = self.clone();
        for node in &mut seen.nodes {
            if let Element::Qr(text) = &mut node.element
                && text.starts_with(LINK)
            {
                text.insert_str(0, origin);
            }
        }
        Some(seen)
    }
}

/// A code as its program wrote it, at whichever bank it is looked at.
pub fn as_written(code: &str) -> &str {
    code.find(LINK).map_or(code, |at| &code[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Node;

    #[test]
    fn links_get_the_origin_and_other_codes_stay_as_they_are() {
        let of = |text: &str| {
            let (element, children, props) = (Element::Qr(text.to_owned()), Vec::new(), Vec::new());
            let nodes = vec![Node { id: "code".to_owned(), element, children, label: None, props }];
            Screen { title: String::new(), nodes, root: 0 }.with_origin("https://bank.example")
        };
        let seen = of("/miniapp/cn.bank.tea/pages/index?table=7").expect("another screen");
        let Element::Qr(text) = &seen.nodes[0].element else { panic!("{seen:?}") };
        assert_eq!(text, "https://bank.example/miniapp/cn.bank.tea/pages/index?table=7");
        assert_eq!(as_written(text), "/miniapp/cn.bank.tea/pages/index?table=7");
        assert!(of("A-17").is_none() && of("0002010102110204").is_none());
        assert_eq!(as_written("A-17"), "A-17");
    }
}
