//! A page for each code of the registry.

use super::{Page, cell};
use std::collections::BTreeMap;
use xitai_model::code::{self, Code};
use xitai_model::refusal::RefusalKind;

pub fn page() -> Page {
    let mut families: BTreeMap<&str, Vec<&'static Code>> = BTreeMap::new();
    for code in code::ALL {
        families.entry(code.family()).or_default().push(code);
    }
    let mut text = format!(
        "# Codes\n\nEach refusal, finding and fault of the product has one of {} codes. A code is never renamed and never given \
         another meaning, so that programs, clients and dashboards may compare it. Over HTTP it stands in `code` of a \
         problem (RFC 9457), whose `type` leads to the code's page on the host; a program finds it in the refusal; \
         `xitai explain CODE` prints it.\n\n| family | codes |\n|---|---|\n",
        code::ALL.len()
    );
    for (family, codes) in &families {
        let links: Vec<String> = codes.iter().map(|code| format!("[`{}`]({}.md)", code.code, code.code)).collect();
        text.push_str(&format!("| [{family}]({family}.md) | {} |\n", links.join(" ")));
    }
    let below = families.iter().map(|(family, codes)| of_family(family, codes)).collect();
    Page { below, ..Page::new("codes/README.md", "Codes", text) }
}

fn of_family(family: &str, codes: &[&'static Code]) -> Page {
    let mut text = format!("# {family}\n\n| code | says | what to do |\n|---|---|---|\n");
    for code in codes {
        let (says, mend) = (cell(code.en), cell(code.mend_en));
        text.push_str(&format!("| [`{}`]({}.md) | {says} | {mend} |\n", code.code, code.code));
    }
    let below = codes.iter().map(|code| Page::new(format!("codes/{}.md", code.code), code.code, of(code))).collect();
    Page { below, ..Page::new(format!("codes/{family}.md"), family, text) }
}

fn of(code: &Code) -> String {
    let kind = serde_json::to_value(code.kind).unwrap_or_default();
    format!(
        "# {}\n\n> {}\n>\n> {}\n\n**What to do.** {}\n\n**怎么办。** {}\n\n{}\n\n| | |\n|---|---|\n| HTTP status | {} |\n\
         | kind, as programs see it | `{}` |\n| family | [{family}]({family}.md) |\n",
        code.code,
        code.en,
        code.zh,
        code.mend_en,
        code.mend_zh,
        of_kind(code.kind),
        code.http,
        kind.as_str().unwrap_or_default(),
        family = code.family(),
    )
}

/// What holds of every refusal of a kind: whether doing the same again can help.
fn of_kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::NotGranted => "The same again is refused again: it takes another right, grant or person.",
        RefusalKind::NotConsented => "The customer decides, on the host's own sheet; a program goes on without.",
        RefusalKind::Limited => "A limit was reached; the page of limits has its value and its reason.",
        RefusalKind::Invalid => "The same again is refused again: what was sent must change first.",
        RefusalKind::NotFound => "What was named is not there, or not for whoever asks.",
        RefusalKind::Conflict => "What is there stands in the way. Read it again, then decide.",
        RefusalKind::Busy => "Nothing was changed; the same again may be done in a moment.",
        RefusalKind::Unavailable => "Nothing was changed; the same again may be done later.",
        RefusalKind::UnknownOutcome => "It may have happened. Ask what became of it before it is done again.",
        RefusalKind::Other => "Nothing of the call was kept; the log of the program or of the host says more.",
    }
}
