//! Everything that the page shows, as one document: the page draws it and knows nothing else.

use super::Dev;
use super::builder::Build;
use super::moment::{Moment, What};
use super::show;
use super::stage::{Play, Stage};
use crate::app::cost::Heard;
use crate::app::session::{SessionView, SheetBody, SheetView};
use crate::http::problem::{fault_code, fault_text};
use crate::render::{chat, text};
use crate::scene::rail;
use crate::words::Locale;
use serde_json::{Value, json};
use xitai_model::code::{self, Code};
use xitai_model::journal::{Entry, HostCall};
use xitai_model::limits::{HOST_CALLS_MAX, SANDBOX_BYTES_MAX, SCREEN_BYTES_MAX, SCREEN_NODES_MAX, STATE_BYTES_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::partner::PartnerCall;
use xitai_model::program::Channel;
use xitai_model::scene::{self, Part};
use xitai_model::screen::{Element, Node, Screen};
use xitai_model::sheet;

/// Calls to partners that are shown as waiting.
const WAITING_MAX: usize = 16;
/// What is shown of one argument or answer.
const VALUE_CHARS_MAX: usize = 20_000;

pub async fn document(dev: &Dev) -> Value {
    let build = dev.build().clone();
    let stage = dev.stage.lock().await;
    let play = match &stage.play {
        Some(play) => play_document(play, stage.look.channel == Some(Channel::Chat)).await,
        None => Value::Null,
    };
    json!({
        "folder": dev.folder.display().to_string(),
        "host": env!("CARGO_PKG_VERSION"),
        "build": build_document(&build),
        "look": stage.look,
        "locales": locales(),
        "note": stage.note,
        "play": play,
        "limits": limits(&stage),
    })
}

/// The languages that the host speaks, and the one that shows what comes from no catalogue.
fn locales() -> Vec<Value> {
    let all = Locale::ALL.into_iter().chain([Locale::Pseudo]);
    all.map(|locale| json!({ "tag": locale.tag(), "name": locale.own_name() })).collect()
}

fn build_document(build: &Build) -> Value {
    let mut document = serde_json::to_value(build).unwrap_or_default();
    for findings in ["/findings", "/fault/findings"] {
        // The reader's own language has its words.
        let findings = document.pointer_mut(findings).and_then(Value::as_array_mut);
        for finding in findings.into_iter().flatten() {
            let found = finding["code"].as_str().and_then(code::find);
            finding["explained"] = found.map_or(Value::Null, explained);
        }
    }
    document
}

fn limits(stage: &Stage) -> Value {
    let budget = stage.play.as_ref().map(|play| play.rehearsal.package().manifest.xitai.budget).unwrap_or_default();
    json!({
        "compute_us": u64::from(budget.compute_ms) * 1_000,
        "memory_bytes": u64::from(budget.memory_mib) << 20,
        "memory_most_bytes": SANDBOX_BYTES_MAX,
        "screen_bytes": SCREEN_BYTES_MAX,
        "nodes": SCREEN_NODES_MAX,
        "state_bytes": STATE_BYTES_MAX,
        "host_calls": HOST_CALLS_MAX,
    })
}

async fn play_document(play: &Play, tells: bool) -> Value {
    let manifest = &play.rehearsal.package().manifest;
    let view = play.view_of(&play.who).await.ok();
    let line = play.moments.line();
    let moments = play.moments.all().iter().enumerate();
    let moments: Vec<Value> =
        moments.map(|(id, moment)| line_document(id, moment, line.contains(&id), tells)).collect();
    let people = play.ground.given.people.iter().map(|(name, person)| {
        let (staff, kind) = match &person.part {
            Part::Customer(level) => (false, json!(level)),
            Part::Manager => (true, json!("manager")),
            Part::Clerk => (true, json!("clerk")),
        };
        json!({ "name": name, "staff": staff, "kind": kind, "open": play.pages.contains_key(name) })
    });
    let scenes = play.rehearsal.package().files.keys().filter(|name| scene::is_scene(name));
    json!({
        "program": manifest.app_id,
        "name": manifest.name,
        "version": manifest.version.name.to_string(),
        "release": play.bank.release.id.version.to_string(),
        "pages": manifest.pages,
        "who": play.who,
        "people": people.collect::<Vec<_>>(),
        "clock_ms": play.bank.clock.now_ms(),
        "zone": play.ground.given.zone,
        "locale": play.ground.given.locale,
        "endpoints": manifest.xitai.egress.iter().map(|it| it.endpoint.as_str()).collect::<Vec<_>>(),
        "waiting": waiting(play).await,
        "core": if play.ground.given.core { json!(rail::waiting(&play.bank).await) } else { Value::Null },
        "session": view.as_ref().map(|view| session_document(play, view, tells)),
        "state": state_document(play).await,
        "line": line,
        "at": play.moments.at(),
        "moments": moments,
        "moment": play.moments.now().map(|moment| moment_document(play, moment)),
        "scenes": scenes.collect::<Vec<_>>(),
    })
}

fn session_document(play: &Play, view: &SessionView, tells: bool) -> Value {
    let drawing = play.drawing_of(&play.who);
    let sheet = view.sheet.as_ref().map(|open| {
        let asks = (open.kind, open.then.as_deref());
        text::sheet_on(Channel::Phone, asks, &(&open.body).into(), &open.program, &drawing)
    });
    json!({
        "chat": tells.then(|| chat::parts(&view.screen, &drawing)),
        "id": view.session,
        "position": view.position,
        "closed": view.closed,
        "screen": text::screen(&view.screen),
        "controls": controls(&view.screen),
        "sheet": sheet,
        "asks": view.sheet.as_ref().map(asks_document),
    })
}

/// By id, what its line of the screen's text leaves out of an element that takes a value.
fn controls(screen: &Screen) -> Value {
    let one = |node: &Node| {
        let label = node.label.as_deref().unwrap_or(&node.id);
        let control = match &node.element {
            Element::Choice(it) => {
                let (options, selected) = (&it.options, &it.selected);
                json!({ "type": "choice", "label": label, "options": options, "selected": selected, "many": it.many })
            }
            Element::SecureField(_) => json!({ "type": "secure", "label": label }),
            _ => return None,
        };
        Some((node.id.clone(), control))
    };
    Value::Object(screen.nodes.iter().filter_map(one).collect())
}

/// What an open sheet wants to be answered, and the ticket with which a file is given to it.
fn asks_document(open: &SheetView) -> Value {
    let parts: &[sheet::Part] = match &open.body {
        SheetBody::Ask { parts, .. } => parts,
        SheetBody::Pay { .. } => &[],
    };
    let fields = parts.iter().filter_map(|part| match part {
        sheet::Part::Field(field) => Some(field),
        _ => None,
    });
    json!({ "ticket": open.ticket, "fields": fields.collect::<Vec<_>>() })
}

/// The state of who acts, for whoever wants to change it.
async fn state_document(play: &Play) -> Value {
    let Some(page) = play.pages.get(&play.who) else { return Value::Null };
    match play.bank.app.store.session_fresh(&page.session).await {
        Ok(Some(session)) => json!(show::show(&session.state)),
        _ => Value::Null,
    }
}

async fn waiting(play: &Play) -> Vec<String> {
    let due = play.bank.app.store.matters_due(MatterKind::PartnerCall, i64::MAX, WAITING_MAX).await;
    let calls = due.unwrap_or_default();
    calls.iter().filter_map(|call| call.read::<PartnerCall>().ok()).map(|call| call.endpoint).collect()
}

/// `tells` where what was said before is still to be read, as in a chat.
fn line_document(id: usize, moment: &Moment, is_on_line: bool, tells: bool) -> Value {
    json!({
        "id": id,
        "before": moment.before,
        "kind": moment.what.word(),
        "who": moment.who,
        "told": moment.told,
        "at_ms": moment.at_ms,
        "refused": moment.came.refused,
        "screen": moment.came.screen.as_ref().filter(|_| tells),
        "release": moment.release,
        "kept": moment.kept.is_some(),
        "on_line": is_on_line,
    })
}

fn moment_document(play: &Play, moment: &Moment) -> Value {
    let refused = moment.came.refused.as_deref().map(|refused| {
        let explained = code::find(refused).map_or(Value::Null, explained);
        json!({ "code": refused, "detail": moment.came.detail, "explained": explained })
    });
    json!({
        "told": moment.told,
        "kind": moment.what.word(),
        "by_hand": matches!(moment.what, What::State(_)),
        "release": moment.release,
        "refused": refused,
        "sheet": moment.came.sheet,
        "effects": moment.came.effects,
        "steps": moment.heard.iter().map(|heard| step_document(play, moment, heard)).collect::<Vec<_>>(),
    })
}

fn step_document(play: &Play, moment: &Moment, heard: &Heard) -> Value {
    let whose = moment.pages.iter().chain(&play.pages).find(|(_, page)| page.session == heard.session);
    let before = show::show(&heard.before);
    let (after, step, fell) = match &heard.came {
        Ok(step) => (Some(show::show(&step.state.0)), Some(step), None),
        Err(fault) => (None, None, Some(fault)),
    };
    let difference = after.as_ref().map(|after| scene::lines(&before.text, &after.text));
    let fell = fell.map(|fault| {
        json!({ "code": fault_code(fault).code, "detail": fault_text(fault), "explained": explained(fault_code(fault)) })
    });
    let logs = heard.logs.iter().map(|line| json!({ "level": line.level, "code": line.code, "text": line.text }));
    json!({
        "who": whose.map(|(who, _)| who),
        "position": heard.position,
        "event": event(&heard.entry),
        "before": before,
        "after": after,
        "difference": difference,
        "schema": step.map(|step| step.state_schema),
        "nodes": step.map(|step| step.screen.nodes.len()),
        "sheet": step.and_then(|step| step.sheet.clone()),
        "effects": step.map(|step| step.effects.clone()),
        "watch": step.map(|step| step.watch.clone()),
        "calls": heard.calls.iter().map(call_document).collect::<Vec<_>>(),
        "logs": logs.collect::<Vec<_>>(),
        "cost": {
            "compute_us": heard.cost.compute_us,
            "wall_us": heard.cost.wall_us,
            "memory_bytes": heard.cost.memory_bytes,
            "host_calls": heard.cost.host_calls,
            "screen_bytes": heard.cost.screen_bytes,
        },
        "fell": fell,
    })
}

fn event(entry: &Entry) -> Value {
    match entry {
        Entry::Opened { launch } => json!({ "type": "open", "page": launch.page, "query": launch.query }),
        Entry::Event { event } => json!(event),
        Entry::Sheet { ticket, outcome } => json!({ "type": "sheet", "ticket": ticket, "outcome": outcome }),
    }
}

fn call_document(call: &HostCall) -> Value {
    json!({
        "function": call.function,
        "arguments": bounded(&call.arguments),
        "answer": bounded(&call.answer),
        "refused": call.is_refused(),
        "bytes": call.arguments.to_string().len() + call.answer.to_string().len(),
    })
}

/// As it is; what is very long as the beginning of its text.
fn bounded(value: &Value) -> Value {
    let text = value.to_string();
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        None => value.clone(),
        Some((at, _)) => json!(format!("{}…", &text[..at])),
    }
}

pub fn explained(code: &Code) -> Value {
    json!({ "en": code.en, "zh": code.zh, "mend_en": code.mend_en, "mend_zh": code.mend_zh })
}

#[cfg(test)]
mod tests {
    use super::*;
    use xitai_model::screen::Choice;

    #[test]
    fn what_a_line_leaves_out_of_a_field_is_told_by_its_id() {
        let node = |id: &str, element: Element| Node {
            id: id.to_owned(),
            element,
            children: Vec::new(),
            label: None,
            props: Vec::new(),
        };
        let options = vec![("a".to_owned(), "A".to_owned())];
        let choice = Choice { options, selected: Vec::new(), many: true, required: false };
        let nodes = vec![
            node("sides", Element::Choice(choice)),
            node("pin", Element::SecureField("T".to_owned())),
            node("line", Element::Divider),
        ];
        let told = json!({
            "sides": { "type": "choice", "label": "sides", "options": [["a", "A"]], "selected": [], "many": true },
            "pin": { "type": "secure", "label": "pin" },
        });
        assert_eq!(controls(&Screen { title: String::new(), nodes, root: 0 }), told);
    }
}
