//! A page for each interface of the contract, read from the WIT that the binary carries: comments, functions, types.

use super::Page;
use crate::cli::build::contract::CARRIED;
use std::collections::BTreeMap;
use wit_parser::{Docs, Function, Interface, Package, Resolve, SourceMap, Type, TypeDef, TypeDefKind, TypeOwner};
use xitai_model::manifest::PERMISSIONS;

pub fn page() -> Page {
    let resolve = resolve();
    let mut text = String::from(
        "# The contract\n\nWhat a mini program exports and what it may import, made from `wit/`. An interface that can be asked for is a \
         permission: its name stands in `req_permissions` of the manifest, and nothing that was not granted is in the \
         program's linker.\n\n| interface | is for |\n|---|---|\n",
    );
    let mut below = Vec::new();
    for (_, package) in resolve.packages.iter().filter(|(_, package)| !package.interfaces.is_empty()) {
        let name = &package.name.name;
        let interfaces: Vec<Page> =
            package.interfaces.values().map(|id| of(&resolve, package, &resolve.interfaces[*id])).collect();
        for (interface, id) in &package.interfaces {
            let says = resolve.interfaces[*id].docs.contents.as_deref().unwrap_or_default();
            let first = super::cell(says.split_once(". ").map_or(says, |(first, _)| first).trim_end_matches('.'));
            text.push_str(&format!("| [`{name}/{interface}`]({name}/{interface}.md) | {first} |\n"));
        }
        below.extend(interfaces);
    }
    below.sort_by(|a, b| a.title.cmp(&b.title));
    Page { below, ..Page::new("contract/README.md", "Contract", text) }
}

/// The contract, read as the tools of each language read it.
pub fn resolve() -> Resolve {
    let mut folders: BTreeMap<&str, SourceMap> = BTreeMap::new();
    for (path, text) in CARRIED.iter().filter(|(path, _)| path.starts_with("wit/")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push_str(path, *text);
    }
    let read = |(_, sources): (&str, SourceMap)| match sources.parse() {
        Ok(group) => group,
        Err((_, fault)) => unreachable!("the carried contract is well formed: {fault}"),
    };
    let mut groups: Vec<_> = folders.into_iter().map(read).collect();
    // `wit` itself sorts first: the platform, which names all others.
    let platform = groups.remove(0);
    let mut resolve = Resolve::default();
    if let Err(fault) = resolve.push_groups(platform, groups) {
        unreachable!("the carried contract is whole: {fault}");
    }
    resolve
}

fn of(resolve: &Resolve, package: &Package, interface: &Interface) -> Page {
    let name = interface.name.clone().unwrap_or_default();
    let full = format!("xitai:{}/{name}", package.name.name);
    let mut text = format!("# {full}\n\n{}", paragraph(&interface.docs));
    if PERMISSIONS.contains(&full.as_str()) {
        let asked = format!("{{ \"name\": \"{full}\", \"reason\": \"…\" }}");
        text.push_str(&format!("\nA permission of the manifest:\n\n```json\n{asked}\n```\n"));
    }
    let used: Vec<String> = interface.types.values().filter_map(|id| used(resolve, &resolve.types[*id])).collect();
    if !used.is_empty() {
        text.push_str(&format!("\nOf other interfaces: {}.\n", used.join(", ")));
    }
    if !interface.functions.is_empty() {
        text.push_str("\n## Functions\n");
    }
    for function in interface.functions.values() {
        text.push_str(&format!(
            "\n### {}\n\n```wit\n{}\n```\n\n{}",
            function.name,
            signature(resolve, function),
            paragraph(&function.docs)
        ));
    }
    let own: Vec<&TypeDef> =
        interface.types.values().map(|id| &resolve.types[*id]).filter(|it| used_from(it).is_none()).collect();
    if !own.is_empty() {
        text.push_str("\n## Types\n");
    }
    for defined in own {
        let title = defined.name.clone().unwrap_or_default();
        let definition = definition(resolve, defined);
        text.push_str(&format!("\n### {title}\n\n{}```wit\n{definition}\n```\n", spaced(paragraph(&defined.docs))));
    }
    Page::new(format!("contract/{}/{name}.md", package.name.name), format!("{}/{name}", package.name.name), text)
}

fn paragraph(docs: &Docs) -> String {
    // A link of a comment such as `<U>` would be read as HTML.
    docs.contents.as_deref().map(|text| format!("{}\n", text.trim().replace('<', "&lt;"))).unwrap_or_default()
}

fn spaced(text: String) -> String {
    if text.is_empty() { text } else { format!("{text}\n") }
}

/// The type that a `use` names.
fn used_from(defined: &TypeDef) -> Option<wit_parser::TypeId> {
    match defined.kind {
        TypeDefKind::Type(Type::Id(id)) => Some(id),
        _ => None,
    }
}

fn used(resolve: &Resolve, defined: &TypeDef) -> Option<String> {
    let name = defined.name.as_deref()?;
    let TypeOwner::Interface(owner) = resolve.types[used_from(defined)?].owner else { return None };
    let interface = &resolve.interfaces[owner];
    let (package, file) = (&resolve.packages[interface.package?].name.name, interface.name.as_deref()?);
    Some(format!("[`{name}`](../{package}/{file}.md#{name})"))
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let params: Vec<String> =
        function.params.iter().map(|it| format!("{}: {}", it.name, named(resolve, &it.ty))).collect();
    let result = function.result.map(|ty| format!(" -> {}", named(resolve, &ty))).unwrap_or_default();
    format!("{}: func({}){result};", function.name, params.join(", "))
}

fn definition(resolve: &Resolve, defined: &TypeDef) -> String {
    let name = defined.name.as_deref().unwrap_or_default();
    let lines = |rows: Vec<(&Docs, String)>| -> String {
        let comment = |docs: &Docs| -> String {
            docs.contents.iter().flat_map(|text| text.trim().lines()).map(|line| format!("    /// {line}\n")).collect()
        };
        rows.into_iter().map(|(docs, row)| format!("{}    {row},\n", comment(docs))).collect()
    };
    match &defined.kind {
        TypeDefKind::Record(record) => {
            let row = |it: &wit_parser::Field| format!("{}: {}", it.name, named(resolve, &it.ty));
            format!("record {name} {{\n{}}}", lines(record.fields.iter().map(|it| (&it.docs, row(it))).collect()))
        }
        TypeDefKind::Variant(variant) => {
            let row = |it: &wit_parser::Case| {
                it.ty.map_or(it.name.clone(), |ty| format!("{}({})", it.name, named(resolve, &ty)))
            };
            format!("variant {name} {{\n{}}}", lines(variant.cases.iter().map(|it| (&it.docs, row(it))).collect()))
        }
        TypeDefKind::Enum(all) => {
            format!("enum {name} {{\n{}}}", lines(all.cases.iter().map(|it| (&it.docs, it.name.clone())).collect()))
        }
        _ => format!("type {name} = {};", kind(resolve, &defined.kind)),
    }
}

/// A type as WIT writes it.
fn named(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Id(id) => {
            let defined = &resolve.types[*id];
            defined.name.clone().unwrap_or_else(|| kind(resolve, &defined.kind))
        }
        Type::Bool => "bool".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::S8 => "s8".to_owned(),
        Type::S16 => "s16".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::F32 => "f32".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::Char => "char".to_owned(),
        Type::String => "string".to_owned(),
        Type::ErrorContext => "error-context".to_owned(),
    }
}

fn kind(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let of = |ty: &Type| named(resolve, ty);
    let or_none = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), of);
    match kind {
        TypeDefKind::Option(ty) => format!("option<{}>", of(ty)),
        TypeDefKind::List(ty) => format!("list<{}>", of(ty)),
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", tuple.types.iter().map(of).collect::<Vec<_>>().join(", ")),
        TypeDefKind::Result(result) => format!("result<{}, {}>", or_none(&result.ok), or_none(&result.err)),
        TypeDefKind::Type(ty) => of(ty),
        other => other.as_str().to_owned(),
    }
}
