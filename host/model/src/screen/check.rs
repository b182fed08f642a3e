//! The check of a screen that a program returned. One walk over the tree with a stack of its own, so that neither a
//! deep nor a cyclic screen can hurt the host, and no allocation that grows with what the program claims.

use super::{Element, Node, Screen};
use crate::code::{self, Code};
use crate::ids::{MerchantId, ProgramId};
use crate::limits::{NODE_ID_BYTES_MAX, SCREEN_BYTES_MAX, SCREEN_DEPTH_MAX, SCREEN_NODES_MAX, SCREEN_TEXT_CHARS_MAX};
use crate::money::Money;
use crate::screen::texts::{Weighed, each_text};
use crate::text::{self, TextFault};
use std::ops::Deref;

/// What a program's screens may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub program: &'a ProgramId,
    /// The program's own merchant: its codes may be shown.
    pub merchant: Option<&'a MerchantId>,
    /// Such as `https://bank.example`. Links of this program may be written with it, or from `/miniapp/` on.
    pub origin: Option<&'a str>,
}

/// A screen that keeps every rule. The type is the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(Screen);

impl Checked {
    pub fn into_screen(self) -> Screen {
        self.0
    }
}
impl Deref for Checked {
    type Target = Screen;
    fn deref(&self) -> &Screen {
        &self.0
    }
}

/// The first rule that a screen breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenFault {
    pub code: &'static Code,
    /// Id of the node, or `#index` where the id itself can't be shown.
    pub node: String,
    pub detail: String,
}

/// A broken rule before it is known where.
type Broken = (&'static Code, String);

fn broken<T>(code: &'static Code, detail: impl Into<String>) -> Result<T, Broken> {
    Err((code, detail.into()))
}

/// Checks a screen and strips direction controls from its texts. Nodes that hang on no other are refused rather than
/// dropped: they are a mistake of the author, and dropping them would renumber the children.
pub fn check(mut screen: Screen, rules: &Rules) -> Result<Checked, ScreenFault> {
    match check_whole(&mut screen).and_then(|()| check_nodes(&mut screen, rules)).and_then(|()| check_tree(&screen)) {
        Ok(()) => Ok(Checked(screen)),
        Err((index, (code, detail))) => Err(ScreenFault { code, node: name_of(&screen, index), detail }),
    }
}

fn name_of(screen: &Screen, index: usize) -> String {
    match screen.nodes.get(index) {
        Some(node) if is_node_id(&node.id) => node.id.clone(),
        _ => format!("#{index}"),
    }
}

type At<T> = Result<T, (usize, Broken)>;

fn at<T>(index: usize, result: Result<T, Broken>) -> At<T> {
    result.map_err(|fault| (index, fault))
}

fn check_whole(screen: &mut Screen) -> At<()> {
    let count = screen.nodes.len();
    let root = screen.root as usize;
    at(
        root,
        match count {
            0 => broken(code::SCREEN_EMPTY, "the screen has no nodes"),
            _ if count > SCREEN_NODES_MAX => {
                broken(code::LIMIT_SCREEN_NODES, format!("{count} nodes where {SCREEN_NODES_MAX} are allowed"))
            }
            _ if root >= count => broken(code::SCREEN_BAD_ROOT, format!("root is {root} of {count} nodes")),
            _ => clean(&mut screen.title),
        },
    )
}

fn clean(text: &mut String) -> Result<(), Broken> {
    text::clean(text, SCREEN_TEXT_CHARS_MAX).or_else(|fault| match fault {
        TextFault::TooLong => broken(
            code::LIMIT_SCREEN_TEXT,
            format!("{} characters where {SCREEN_TEXT_CHARS_MAX} are allowed", text.chars().count()),
        ),
        TextFault::ControlCharacter => {
            broken(code::SCREEN_CONTROL_CHARACTER, format!("{:?}", text.chars().take(80).collect::<String>()))
        }
    })
}

fn is_node_id(id: &str) -> bool {
    (1..=NODE_ID_BYTES_MAX).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/'))
}

fn check_nodes(screen: &mut Screen, rules: &Rules) -> At<()> {
    let mut weighed = Weighed::default();
    weighed.text(&screen.title);
    for (index, node) in screen.nodes.iter_mut().enumerate() {
        at(index, check_node(node, rules, &mut weighed))?;
    }
    if weighed.json_bytes_most() > SCREEN_BYTES_MAX {
        let bytes = json_bytes(screen);
        if bytes > SCREEN_BYTES_MAX {
            let detail = format!("{bytes} bytes of JSON where {SCREEN_BYTES_MAX} are allowed");
            return at(screen.root as usize, broken(code::LIMIT_SCREEN_BYTES, detail));
        }
    }
    check_ids(screen)
}

/// The exact size, for screens whose estimate is over the limit.
fn json_bytes(screen: &Screen) -> usize {
    struct Counted(usize);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    serde_json::to_writer(&mut counted, screen).expect("a screen has only text keys, and counting can't fail");
    counted.0
}

/// Sorting instead of hashing: a program can't choose ids that make it slow.
fn check_ids(screen: &Screen) -> At<()> {
    let mut ids: Vec<(&str, usize)> = screen.nodes.iter().enumerate().map(|(i, node)| (node.id.as_str(), i)).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => at(pair[1].1, broken(code::SCREEN_DUPLICATE_ID, format!("also node #{}", pair[0].1))),
        None => Ok(()),
    }
}

fn check_node(node: &mut Node, rules: &Rules, weighed: &mut Weighed) -> Result<(), Broken> {
    if !is_node_id(&node.id) {
        return broken(code::SCREEN_BAD_ID, format!("{:?}", node.id.chars().take(80).collect::<String>()));
    }
    weighed.node(node);
    each_text(node, &mut |text| {
        weighed.text(text);
        clean(text)
    })?;
    check_element(&node.element, rules)
}

fn check_element(element: &Element, rules: &Rules) -> Result<(), Broken> {
    match element {
        Element::Amount(money) => check_money(*money),
        Element::Button(button) => match button.amount {
            Some(money) if money.minor <= 0 => broken(code::SCREEN_BUTTON_AMOUNT, money.to_string()),
            Some(money) => check_money(money),
            None => Ok(()),
        },
        Element::Item(item) => item.image.as_deref().map_or(Ok(()), check_handle),
        Element::Image(image) => check_handle(&image.source),
        Element::Media(handle) => check_handle(handle),
        Element::Document(document) => check_handle(&document.handle),
        Element::Qr(text) => check_qr(text, rules),
        Element::Link(link) => match is_page(&link.page) {
            true => Ok(()),
            false => broken(code::SCREEN_LINK_FOREIGN, link.page.clone()),
        },
        Element::Progress(progress) if progress.done > progress.total => {
            broken(code::SCREEN_PROGRESS_INVALID, format!("{} of {}", progress.done, progress.total))
        }
        Element::Chart(chart) if chart.decimals > 6 => {
            broken(code::SCREEN_CHART_INVALID, format!("{} decimals", chart.decimals))
        }
        _ => super::field::check(element).or_else(|detail| broken(code::SCREEN_FIELD_INVALID, detail)),
    }
}

fn check_money(money: Money) -> Result<(), Broken> {
    if !money.is_in_range() {
        return broken(code::SCREEN_MONEY_RANGE, format!("{} {}", money.minor, money.currency));
    }
    Ok(())
}

/// A file of the package or a reviewed entry; never an address, which would tell another server who looks.
fn check_handle(handle: &str) -> Result<(), Broken> {
    let path = handle.strip_prefix("asset:").or_else(|| handle.strip_prefix("content:")).unwrap_or("");
    let segments_fit = path.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    let fits = segments_fit && !path.contains(['\\', ':', '?', '#', '%']);
    if fits { Ok(()) } else { broken(code::SCREEN_IMAGE_FOREIGN, handle.chars().take(120).collect::<String>()) }
}

/// A page of the program, perhaps with a query: `pages/dish?id=7`.
fn is_page(page: &str) -> bool {
    let path = page.split_once('?').map_or(page, |(path, _)| path);
    path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/'))
        && path.split('/').all(|segment| !segment.is_empty())
        && page.bytes().all(|b| b.is_ascii_graphic())
}

fn check_qr(text: &str, rules: &Rules) -> Result<(), Broken> {
    if is_plain_code(text) || is_own_link(text, rules) || is_own_merchant_code(text, rules) {
        return Ok(());
    }
    broken(code::SCREEN_QR_FOREIGN, text.chars().take(120).collect::<String>())
}

/// A pick-up code: too short and too plain for any scanner to take it for an address or a payment.
fn is_plain_code(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'#' | b' '))
        && !text.starts_with("0002")
}

fn is_own_link(text: &str, rules: &Rules) -> bool {
    let local = rules.origin.and_then(|origin| text.strip_prefix(origin)).unwrap_or(text);
    let page = local
        .strip_prefix("/miniapp/")
        .and_then(|rest| rest.strip_prefix(rules.program.as_str()))
        .and_then(|rest| rest.strip_prefix('/'));
    page.is_some_and(is_page)
}

fn is_own_merchant_code(text: &str, rules: &Rules) -> bool {
    let read = crate::emvco::read(text).ok().and_then(|code| code.merchant);
    read.is_some() && read.as_ref() == rules.merchant
}

/// A node on the walk: its depth (the root has 1) and the form that it is in.
#[derive(Clone, Copy)]
struct Walked {
    node: u32,
    depth: usize,
    form: Option<u32>,
}

/// Marks of nodes, in place: a screen has at most `SCREEN_NODES_MAX`.
struct Marks([u64; SCREEN_NODES_MAX.div_ceil(64)]);

impl Marks {
    /// Marks a node; false where it was marked before.
    fn set(&mut self, node: usize) -> bool {
        let bit = 1 << (node % 64);
        let fresh = self.0[node / 64] & bit == 0;
        self.0[node / 64] |= bit;
        fresh
    }
    fn has(&self, node: usize) -> bool {
        self.0[node / 64] & (1 << (node % 64)) != 0
    }
}

fn check_tree(screen: &Screen) -> At<()> {
    let mut reached = Marks([0; SCREEN_NODES_MAX.div_ceil(64)]);
    let mut submittable = Marks([0; SCREEN_NODES_MAX.div_ceil(64)]);
    // The ancestors of the node in hand, by depth. The walk is depth-first, so they stay in place.
    let mut path = [0_u32; SCREEN_DEPTH_MAX + 1];
    let mut walk = Vec::with_capacity(screen.nodes.len());
    reached.set(screen.root as usize);
    walk.push(Walked { node: screen.root, depth: 1, form: None });
    while let Some(here) = walk.pop() {
        let index = here.node as usize;
        let node = &screen.nodes[index];
        if here.depth > SCREEN_DEPTH_MAX {
            return at(index, broken(code::LIMIT_SCREEN_DEPTH, format!("deeper than {SCREEN_DEPTH_MAX} levels")));
        }
        path[here.depth] = here.node;
        let form = at(index, form_of(node, here, &mut submittable))?;
        if !node.children.is_empty() && !node.element.holds_children() {
            return at(index, broken(code::SCREEN_LEAF_HAS_CHILDREN, node.element.name()));
        }
        for child in node.children.iter().rev().copied() {
            if child as usize >= screen.nodes.len() {
                let detail = format!("child {child} of {} nodes", screen.nodes.len());
                return at(index, broken(code::SCREEN_BAD_CHILD, detail));
            }
            if !reached.set(child as usize) {
                let cyclic = path[1..=here.depth].contains(&child);
                let code = if cyclic { code::SCREEN_CYCLIC } else { code::SCREEN_SHARED_CHILD };
                return at(index, broken(code, format!("child {}", name_of(screen, child as usize))));
            }
            walk.push(Walked { node: child, depth: here.depth + 1, form });
        }
    }
    for (index, node) in screen.nodes.iter().enumerate() {
        if !reached.has(index) {
            return at(index, broken(code::SCREEN_UNREACHABLE, "no node has it as a child"));
        }
        if matches!(node.element, Element::Form) && !submittable.has(index) {
            return at(index, broken(code::SCREEN_FORM_NO_BUTTON, "no button among its descendants"));
        }
    }
    Ok(())
}

/// The form that the node's children are in.
fn form_of(node: &Node, here: Walked, submittable: &mut Marks) -> Result<Option<u32>, Broken> {
    match (&node.element, here.form) {
        (Element::Form, Some(_)) => broken(code::SCREEN_FORM_NESTED, "a form inside a form"),
        (Element::Form, None) => Ok(Some(here.node)),
        (Element::Button(_), Some(form)) => {
            submittable.set(form as usize);
            Ok(here.form)
        }
        (Element::TextField(_) | Element::DateField(_) | Element::SecureField(_), None) => {
            broken(code::SCREEN_FIELD_OUTSIDE_FORM, node.element.name())
        }
        _ => Ok(here.form),
    }
}
