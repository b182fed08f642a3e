//! Screens that read like screens.
//!
//! Elements nest in the code as they do on the page; [`screen`] flattens them into the contract's list. What the
//! customer acts on gets an id with `.id("pay")`; everything else is numbered by its place under the nearest
//! ancestor that has one, so that a screen with one more row keeps the ids of the rest.
//!
//! ```
//! use xitai::prelude::*;
//! let dishes = [("红烧肉", 18_00), ("青菜", 6_00)];
//! let menu = screen("职工食堂", (
//!     notice("今日供应到 13:00"),
//!     section("热菜", dishes.map(|(name, fen)| {
//!         item(name).trailing(Money::cny(fen).to_string()).children(button("加入").id(format!("add-{fen}")))
//!     })),
//!     (dishes.len() > 5).then(|| paragraph("往下还有")),
//!     button("付款").id("pay").primary().amount(Money::cny(24_00)),
//! ));
//! assert_eq!(menu.nodes[menu.root as usize].children.len(), 3);
//! ```

mod elements;
mod fields;

pub use crate::bindings::xitai::program::screen::{Element, Screen, Tone, Weight};
pub use elements::*;
pub use fields::*;

use crate::bindings::xitai::program::screen as contract;

/// An element with its children, before it is flattened.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    id: Option<String>,
    element: Element,
    children: Vec<Node>,
    label: Option<String>,
    props: Vec<(String, String)>,
}

/// An element that is being described. What every element has is here; `E` adds what only this kind has.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<E> {
    element: E,
    id: Option<String>,
    children: Vec<Node>,
    label: Option<String>,
    props: Vec<(String, String)>,
}

impl<E> Part<E> {
    fn new(element: E) -> Self {
        Self { element, id: None, children: Vec::new(), label: None, props: Vec::new() }
    }
    /// The name that taps and submissions carry. Unique and stable within the screen, at most 64 bytes.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
    /// What a screen reader says, where the element's own text does not.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
    /// A hint of the registry.
    pub fn prop(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.props.push((name.into(), value.into()));
        self
    }
    /// Adds children.
    pub fn children(mut self, children: impl Children) -> Self {
        children.push_into(&mut self.children);
        self
    }
    /// Stays in reach of the thumb while the rest scrolls, where the channel can do that.
    pub fn pinned(self) -> Self {
        self.prop("pin", "bottom")
    }
}

impl<E: Into<Element>> From<Part<E>> for Node {
    fn from(part: Part<E>) -> Node {
        Node {
            id: part.id,
            element: part.element.into(),
            children: part.children,
            label: part.label,
            props: part.props,
        }
    }
}

/// What can stand where children are expected: an element, an `Option` of one, a list, or a tuple of all these.
pub trait Children {
    /// Appends to a parent's children.
    fn push_into(self, siblings: &mut Vec<Node>);
}
impl Children for Node {
    fn push_into(self, siblings: &mut Vec<Node>) {
        siblings.push(self);
    }
}
impl<E: Into<Element>> Children for Part<E> {
    fn push_into(self, siblings: &mut Vec<Node>) {
        siblings.push(self.into());
    }
}
impl<C: Children> Children for Option<C> {
    fn push_into(self, siblings: &mut Vec<Node>) {
        if let Some(children) = self {
            children.push_into(siblings);
        }
    }
}
impl<C: Children> Children for Vec<C> {
    fn push_into(self, siblings: &mut Vec<Node>) {
        self.into_iter().for_each(|children| children.push_into(siblings));
    }
}
impl<C: Children, const N: usize> Children for [C; N] {
    fn push_into(self, siblings: &mut Vec<Node>) {
        self.into_iter().for_each(|children| children.push_into(siblings));
    }
}
impl Children for () {
    fn push_into(self, _siblings: &mut Vec<Node>) {}
}
macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Children),+> Children for ($($name,)+) {
            fn push_into(self, siblings: &mut Vec<Node>) {
                #[expect(non_snake_case, reason = "the type parameters' names serve for the values too")]
                let ($($name,)+) = self;
                $($name.push_into(siblings);)+
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

/// A whole page: its title and what stands on it, from top to bottom.
pub fn screen(title: impl Into<String>, children: impl Children) -> Screen {
    let root = column(children).id("page").into();
    let mut nodes = Vec::new();
    let root = flatten(root, "page".to_owned(), &mut nodes);
    Screen { title: title.into(), nodes, root }
}

/// A page without anything on it, for background sessions, which show none.
pub fn no_screen() -> Screen {
    screen("", ())
}

/// Puts a node after its children into the list and gives its index.
fn flatten(node: Node, id: String, nodes: &mut Vec<contract::Node>) -> u32 {
    let children = node
        .children
        .into_iter()
        .enumerate()
        .map(|(place, child)| {
            let child_id = child.id.clone().unwrap_or_else(|| format!("{id}.{place}"));
            flatten(child, child_id, nodes)
        })
        .collect();
    nodes.push(contract::Node { id, element: node.element, children, label: node.label, props: node.props });
    (nodes.len() - 1) as u32
}
