//! Makes components from a few lines of text.

use std::path::Path;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where the step lies in the guest's memory.
const STEP: u32 = 1024;
const PAGE_BYTES: u32 = 65_536;
/// Bytes of a node, of a result with a step.
const NODE_BYTES: u32 = 104;
const STEP_BYTES: u32 = 64;

/// Cases of `element`, by their place in the contract.
pub const COLUMN: u8 = 0;
pub const PARAGRAPH: u8 = 10;

/// A program that answers every call with the same step, after whatever its text says.
pub struct Guest {
    pub imports: &'static str,
    /// Further items of the module: functions, a start, tables.
    pub items: String,
    /// Instructions at the beginning of `open` and `update`.
    pub open: String,
    pub update: String,
    pub memory_pages: u32,
    pub step: Step,
}

pub struct Step {
    pub state_bytes: u32,
    pub nodes: Vec<Node>,
    pub effects: u32,
    pub watches: u32,
}

pub struct Node {
    pub id: String,
    pub element: u8,
    /// For a paragraph.
    pub text: String,
    pub children: Vec<u32>,
}

impl Node {
    pub fn column(id: &str, children: Vec<u32>) -> Self {
        Self { id: id.to_owned(), element: COLUMN, text: String::new(), children }
    }
    pub fn paragraph(id: &str, text: &str) -> Self {
        Self { id: id.to_owned(), element: PARAGRAPH, text: text.to_owned(), children: Vec::new() }
    }
}

impl Default for Guest {
    fn default() -> Self {
        Self {
            imports: "",
            items: String::new(),
            open: String::new(),
            update: String::new(),
            memory_pages: 0,
            step: Step { state_bytes: 4, nodes: vec![Node::column("root", vec![])], effects: 0, watches: 0 },
        }
    }
}

impl Guest {
    /// A program that does this in `update`.
    pub fn updating(update: &str) -> Self {
        Self { update: update.to_owned(), ..Self::default() }
    }

    pub fn component(&self) -> Vec<u8> {
        component(&self.module())
    }

    /// The same against a larger world.
    pub fn component_with(&self, wit: &str, world: &str) -> Vec<u8> {
        component_of(&self.module(), wit, world)
    }

    fn module(&self) -> String {
        let data = lay(&self.step);
        let end = STEP + len(&data);
        let pages = self.memory_pages.max(end.div_ceil(PAGE_BYTES) + 1);
        // Arguments of a call are put behind the step, from the beginning each time.
        let heap = end.next_multiple_of(16);
        format!(
            r#"(module
                {imports}
                (memory (export "memory") {pages})
                (global $heap (mut i32) (i32.const {heap}))
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                    (local $at i32) (local $end i32)
                    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
                    (local.set $end (i32.add (local.get $at) (local.get 3)))
                    (if (i32.gt_u (local.get $end) (i32.mul (memory.size) (i32.const 65536)))
                        (then (drop (memory.grow (i32.const 1)))))
                    (global.set $heap (local.get $end))
                    (local.get $at))
                (data (i32.const {STEP}) "{data}")
                {items}
                (func (export "xitai:program/program@1.0.0#open") (param $args i32) (result i32)
                    {open}
                    (i32.const {STEP}))
                (func (export "xitai:program/program@1.0.0#update") (param $args i32) (result i32)
                    {update}
                    (i32.const {STEP})))"#,
            imports = self.imports,
            items = self.items,
            open = self.open,
            update = self.update,
            data = escaped(&data),
        )
    }
}

/// A component of a core module, against the project's own contract.
pub fn component(module: &str) -> Vec<u8> {
    component_of(module, "", "xitai:platform/mini-program")
}

/// Against a world that further packages describe.
fn component_of(module: &str, wit: &str, world: &str) -> Vec<u8> {
    let mut module = wat::parse_str(module).expect("the guest is well-formed text");
    let mut resolve = Resolve::default();
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let (package, _) = resolve.push_dir(&contract).expect("the contract parses");
    let package = if wit.is_empty() { package } else { resolve.push_str("more.wit", wit).expect("it parses") };
    let world = resolve.select_world(&[package], Some(world)).expect("the world is there");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata fit");
    let encoder = ComponentEncoder::default().validate(true).module(&module).expect("a module of the world");
    { encoder }.encode().expect("the guest fits its world")
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// The canonical form of `ok(step)` in memory: the fixed parts first, then what they point to.
fn lay(step: &Step) -> Vec<u8> {
    let mut memory = Memory { bytes: vec![0; STEP_BYTES as usize] };
    let state = memory.put(&vec![b's'; step.state_bytes as usize]);
    let nodes = memory.reserve(NODE_BYTES * len(&step.nodes));
    for (index, node) in (0..).zip(&step.nodes) {
        memory.node(nodes + index * NODE_BYTES, node);
    }
    let title = memory.put(b"title");
    let effects = memory.reserve(16 * step.effects);
    let watches = memory.reserve(8 * step.watches);
    for index in 0..step.watches {
        memory.pair(watches + index * 8, title, 5);
    }
    memory.pair(4, state, step.state_bytes);
    memory.pair(12, 1, title);
    memory.pair(20, 5, nodes);
    memory.pair(28, len(&step.nodes), 0);
    memory.pair(48, effects, step.effects);
    memory.pair(56, watches, step.watches);
    memory.bytes
}

fn len<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).expect("less than a guest's memory")
}

struct Memory {
    bytes: Vec<u8>,
}

impl Memory {
    /// Addresses are those of the guest.
    fn reserve(&mut self, bytes: u32) -> u32 {
        let at = self.bytes.len().next_multiple_of(8);
        self.bytes.resize(at + bytes as usize, 0);
        STEP + u32::try_from(at).expect("less than a guest's memory")
    }
    fn put(&mut self, bytes: &[u8]) -> u32 {
        let at = self.reserve(len(bytes));
        self.bytes.truncate((at - STEP) as usize);
        self.bytes.extend_from_slice(bytes);
        at
    }
    /// Two words; `at` is an offset within the step, or an address behind it.
    fn pair(&mut self, at: u32, first: u32, second: u32) {
        let at = if at >= STEP { at - STEP } else { at } as usize;
        self.bytes[at..at + 4].copy_from_slice(&first.to_le_bytes());
        self.bytes[at + 4..at + 8].copy_from_slice(&second.to_le_bytes());
    }
    fn node(&mut self, at: u32, node: &Node) {
        let id = self.put(node.id.as_bytes());
        let text = self.put(node.text.as_bytes());
        let children: Vec<u8> = node.children.iter().flat_map(|child| child.to_le_bytes()).collect();
        let children = self.put(&children);
        self.pair(at, id, len(node.id.as_bytes()));
        self.bytes[(at - STEP) as usize + 8] = node.element;
        self.pair(at + 16, text, len(node.text.as_bytes()));
        self.pair(at + 72, children, len(&node.children));
    }
}
