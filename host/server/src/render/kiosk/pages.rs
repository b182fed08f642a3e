//! How a screen is cut for a kiosk: one thing at a time.
//!
//! A page has at most six targets, five entries of a list and as many lines as are read from a step away; a field of a
//! form has a page of its own, and what is pinned stays on all of them, or follows the fields of the form that it is in.
//! All else keeps the order of the tree, and nothing is cut through: what is too large for a page is taken apart where it
//! has parts itself and is no target, else it has a page alone.

use xitai_model::limits::{KIOSK_ITEMS_MAX, KIOSK_LINES_MAX, KIOSK_TARGETS_MAX, SCREEN_DEPTH_MAX};
use xitai_model::screen::{Element, Node, Screen};

/// A screen in pages.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Layout {
    /// At least one.
    pub pages: Vec<Page>,
    /// On every page.
    pub pinned: Vec<u32>,
    /// Names of tabs, and the page at which each begins.
    pub tabs: Vec<(String, usize)>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Page {
    /// The section that goes on here.
    pub section: Option<String>,
    /// The form that its parts belong to.
    pub form: Option<u32>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Title(String),
    /// A node with all below it.
    Node(u32),
    /// The rest of a list.
    More(u32),
}

/// Cuts a screen.
pub fn layout(screen: &Screen) -> Layout {
    let mut cut = Cut {
        screen,
        done: Layout::default(),
        page: Page::default(),
        size: Size::default(),
        section: None,
        held: Vec::new(),
    };
    cut.lay(screen.root, 0);
    cut.close();
    if cut.done.pages.is_empty() {
        cut.done.pages.push(Page::default());
    }
    cut.done
}

/// How much of a page something takes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    lines: usize,
    targets: usize,
    items: usize,
}

impl Size {
    fn of(lines: usize, targets: usize) -> Self {
        Self { lines, targets, items: 0 }
    }
    fn and(self, other: Size) -> Self {
        Self { lines: self.lines + other.lines, targets: self.targets + other.targets, items: self.items + other.items }
    }
    fn fits(self) -> bool {
        self.lines <= KIOSK_LINES_MAX && self.targets <= KIOSK_TARGETS_MAX && self.items <= KIOSK_ITEMS_MAX
    }
}

struct Cut<'a> {
    screen: &'a Screen,
    done: Layout,
    page: Page,
    size: Size,
    section: Option<&'a str>,
    /// What is pinned in the form: outside of it a button would send nothing of what was typed.
    held: Vec<u32>,
}

impl<'a> Cut<'a> {
    /// A checked screen has no bad index and no cycle; the bounds keep this total.
    fn lay(&mut self, index: u32, depth: usize) {
        let screen = self.screen;
        let Some(node) = screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX) else { return };
        if is_pinned(node) {
            return if self.page.form.is_some() { self.held.push(index) } else { self.done.pinned.push(index) };
        }
        match &node.element {
            Element::Form if self.page.form.is_none() => self.form(index, node, depth),
            Element::Tabs(names) => self.tabs(node, names, depth),
            Element::Section(title) => self.section(node, title, depth),
            Element::Column => self.children(node, depth),
            Element::Items(items) => {
                self.children(node, depth);
                if items.more {
                    self.put(Part::More(index), Size::of(2, 1));
                }
            }
            element if self.page.form.is_some() && is_asked(element) => self.field(index),
            Element::Row | Element::Card | Element::Form | Element::Other(_) => {
                let size = measure(screen, index, depth);
                // What holds fields of a form is taken apart as well: each has its page. A target stays whole.
                match is_tapped(node) || size.fits() && !asks(screen, node, self.page.form.is_some()) {
                    true => self.put(Part::Node(index), size),
                    false => self.children(node, depth),
                }
            }
            _ => self.put(Part::Node(index), measure(screen, index, depth)),
        }
    }

    fn children(&mut self, node: &'a Node, depth: usize) {
        node.children.iter().for_each(|child| self.lay(*child, depth + 1));
    }

    fn form(&mut self, index: u32, node: &'a Node, depth: usize) {
        self.close();
        self.page.form = Some(index);
        self.children(node, depth);
        for held in std::mem::take(&mut self.held) {
            self.put(Part::Node(held), measure(self.screen, held, depth));
        }
        self.close();
        self.page.form = None;
    }

    fn tabs(&mut self, node: &'a Node, names: &'a [String], depth: usize) {
        let before = self.section;
        for (name, child) in names.iter().zip(&node.children) {
            self.close();
            self.section = Some(name);
            self.done.tabs.push((name.clone(), self.done.pages.len()));
            self.put(Part::Title(name.clone()), Size::of(2, 0));
            self.lay(*child, depth + 1);
        }
        self.close();
        self.section = before;
    }

    /// A title stands with what follows it.
    fn section(&mut self, node: &'a Node, title: &'a str, depth: usize) {
        let title_size = Size::of(2, 0);
        let first = node.children.first().map(|child| measure(self.screen, *child, depth + 1)).unwrap_or_default();
        let first = if first.fits() { first } else { Size::of(4, 1) };
        if !self.size.and(title_size).and(first).fits() {
            self.close();
        }
        let before = self.section.replace(title);
        self.put(Part::Title(title.to_owned()), title_size);
        self.children(node, depth);
        self.section = before;
    }

    /// What is read before a field stands with it; after it the page is turned.
    fn field(&mut self, index: u32) {
        let size = measure(self.screen, index, 0);
        self.put(Part::Node(index), size);
        self.close();
    }

    fn put(&mut self, part: Part, size: Size) {
        if !self.page.parts.is_empty() && !self.size.and(size).fits() {
            self.close();
        }
        // A page that begins within a section says so, unless that is what it begins with.
        if self.page.parts.is_empty() && !matches!(part, Part::Title(_)) {
            self.page.section = self.section.map(str::to_owned);
        }
        self.size = self.size.and(size);
        self.page.parts.push(part);
    }

    fn close(&mut self) {
        self.size = Size::default();
        let form = self.page.form;
        let page = std::mem::replace(&mut self.page, Page { form, ..Page::default() });
        // A title that nothing follows says nothing.
        if page.parts.iter().any(|part| !matches!(part, Part::Title(_))) {
            self.done.pages.push(page);
        }
    }
}

fn is_pinned(node: &Node) -> bool {
    node.props.iter().any(|(name, value)| name == "pin" && value == "bottom")
}

fn is_tapped(node: &Node) -> bool {
    node.props.iter().any(|(name, value)| name == "tap" && value == "yes")
}

fn is_asked(element: &Element) -> bool {
    element.is_field() || matches!(element, Element::SecureField(_))
}

/// Whether there is a form below, or, within one, a field.
fn asks(screen: &Screen, node: &Node, in_form: bool) -> bool {
    let is_one = |element: &Element| matches!(element, Element::Form) || in_form && is_asked(element);
    screen.below_id(&node.id).iter().any(|below| is_one(&below.element))
}

/// Lines of about this many narrow characters are read at a glance.
const LINE_CHARS: usize = 48;

fn lines_of(text: &str) -> usize {
    let wide = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    text.lines().map(|line| wide(line).div_ceil(LINE_CHARS).max(1)).sum()
}

fn measure(screen: &Screen, index: u32, depth: usize) -> Size {
    let Some(node) = screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX) else {
        return Size::default();
    };
    let below = || node.children.iter().map(|child| measure(screen, *child, depth + 1));
    let sum = || below().fold(Size::default(), Size::and);
    let tap = usize::from(is_tapped(node));
    use Element as E;
    match &node.element {
        // Side by side: as high as the highest.
        E::Row => Size { lines: below().map(|size| size.lines).max().unwrap_or_default(), ..sum() },
        E::Card => sum().and(Size::of(1, tap)),
        E::Section(_) => sum().and(Size::of(2, 0)),
        E::Column | E::Form | E::Items(_) | E::Tabs(_) | E::Other(_) => sum(),
        E::Item(item) => {
            let lines = 2 + usize::from(item.subtitle.is_some());
            Size { lines, targets: tap, items: 1 }.and(Size { lines: 0, ..sum() })
        }
        E::Divider => Size::default(),
        E::Heading(_) => Size::of(2, 0),
        E::Paragraph(text) => Size::of(lines_of(text), 0),
        E::Notice(notice) => Size::of(1 + lines_of(&notice.text), 0),
        E::Badge(_) => Size::of(1, 0),
        E::KeyValues(pairs) => Size::of(pairs.len(), 0),
        E::Timeline(moments) => Size::of(moments.len(), 0),
        E::Image(_) | E::Media(_) | E::Chart(_) => Size::of(7, 0),
        E::Qr(_) => Size::of(9, 0),
        E::Amount(_) | E::Icon(_) | E::Document(_) | E::Progress(_) | E::Coupon(_) => Size::of(2, 0),
        E::Button(_) | E::Link(_) | E::Toggle(_) | E::Quantity(_) => Size::of(2, 1),
        E::TextField(_) | E::DateField(_) | E::SecureField(_) => Size::of(3, 1),
        E::Choice(choice) => {
            let options = choice.options.len();
            Size::of(1 + options.div_ceil(2) * 2, options)
        }
    }
}

#[cfg(test)]
mod tests;
