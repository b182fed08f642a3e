//! One call in one fresh sandbox, dropped afterwards whatever happened. Instantiation, with what start functions do, is
//! inside the same budget as the call.

use crate::bindings::exports::xitai::program::program as wit;
use crate::budget::Budget;
use crate::call::{Answers, Call, Cost, Entry, Fallen, Fault, Performance};
use crate::calls::CallState;
use crate::convert::BadMoney;
use crate::host_calls::log::plain;
use crate::loaded::Loaded;
use crate::wasi::Wasi;
use std::sync::Arc;
use wasmtime::{Store, Trap, UpdateDeadline, WasmBacktrace};
use xitai_model::code::{self, Code};
use xitai_model::limits::{
    COMPONENT_HANDLES_MAX, EFFECT_BYTES_MAX, EFFECTS_MAX, HOST_CALL_BYTES_MAX, STATE_BYTES_MAX, STORAGE_KEY_BYTES_MAX,
    WATCHES_MAX,
};
use xitai_model::program::{Failure, Step};
use xitai_model::screen::{Checked, Rules, check};

/// Runs a call in this thread.
pub(crate) fn perform(loaded: &Loaded, call: &Call) -> Result<Performance, Fallen> {
    let mut store = store(loaded, call);
    let answered = run(&mut store, loaded, call);
    store.data_mut().budget.guest_leaves();
    let step = match answered {
        Ok(Ok(step)) => all_made(store.data(), call).and_then(|()| checked(step, call)),
        Ok(Err(failure)) => Err(Fault::Failure(bounded(failure))),
        Err(error) => Err(classify(store.data_mut(), &error)),
    };
    let mut state = store.into_data();
    match step {
        Ok((step, screen_bytes)) => Ok(performance(state, step, screen_bytes)),
        Err(fault) => {
            let reads = std::mem::take(&mut state.pending).collect_read();
            Err(Fallen {
                fault,
                cost: Box::new(cost(&state, 0)),
                reads,
                calls: Arc::new(state.calls),
                logs: state.logs,
            })
        }
    }
}

/// A store with every limit set, whose clocks run.
pub(crate) fn store(loaded: &Loaded, call: &Call) -> Store<CallState> {
    let budget = Budget::begin(call.stopped.clone());
    let mut state = CallState::new(call.scope.clone(), call.context.now_ms, call.answers.clone(), budget);
    state.locale.clone_from(&call.context.locale);
    if loaded.has_wasi {
        state.wasi = Some(Box::new(Wasi::new(call.context.now_ms, &call.context.seed.0)));
    }
    let mut store = Store::new(loaded.pre.engine(), state);
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(HOST_CALL_BYTES_MAX);
    store.set_max_component_handles(COMPONENT_HANDLES_MAX);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| match store.data().budget.look() {
        Ok(()) => Ok(UpdateDeadline::Continue(1)),
        Err(fault) => Err(store.data_mut().end(fault)),
    });
    store
}

fn run(store: &mut Store<CallState>, loaded: &Loaded, call: &Call) -> wasmtime::Result<Result<wit::Step, Failure>> {
    let context = wit::Context::from(&call.context);
    let program = loaded.pre.instantiate(&mut *store)?;
    let program = program.xitai_program_program();
    let answered = match &call.entry {
        Entry::Open(launch) => program.call_open(&mut *store, &context, &launch.into())?,
        Entry::Update { state, event } => program.call_update(&mut *store, &context, state, &event.into())?,
    };
    Ok(answered.map_err(Failure::from))
}

/// A failure goes into the publisher's log, so that it is bounded like a line of it.
fn bounded(failure: Failure) -> Failure {
    Failure { code: shortened(&failure.code), detail: plain(&failure.detail).0 }
}

/// In a replay: whether the program made every call that the journal has.
fn all_made(state: &CallState, call: &Call) -> Result<(), Fault> {
    match &call.answers {
        Answers::Recorded(journal) => match journal.get(state.calls.len()) {
            Some(missing) => Err(Fault::Diverged(format!("the journal's call to {} was not made", missing.function))),
            None => Ok(()),
        },
        Answers::Live(_) | Answers::Alike(_) => Ok(()),
    }
}

/// A step that keeps every rule, and the size of its screen.
fn checked(step: wit::Step, call: &Call) -> Result<(Step, u64), Fault> {
    check_sizes(&step)?;
    let mut step = Step::try_from(step)
        .map_err(|BadMoney(currency)| bad_step(code::SCREEN_CURRENCY, format!("{:?}", shortened(&currency))))?;
    let rules = Rules { program: &call.scope.program, merchant: call.scope.merchant.as_ref(), origin: None };
    let screen = check(Arc::unwrap_or_clone(step.screen), &rules).map_err(|fault| Fault::BadStep {
        code: fault.code.code.to_owned(),
        detail: plain(&format!("node {}: {}", fault.node, fault.detail)).0,
    })?;
    let screen_bytes = weigh(&screen);
    step.screen = Arc::new(screen.into_screen());
    Ok((step, screen_bytes))
}

fn check_sizes(step: &wit::Step) -> Result<(), Fault> {
    if step.state.len() > STATE_BYTES_MAX {
        return Err(bad_step(code::LIMIT_STATE_BYTES, format!("{} bytes", step.state.len())));
    }
    if step.effects.len() > EFFECTS_MAX {
        return Err(bad_step(code::LIMIT_EFFECTS, format!("{} effects", step.effects.len())));
    }
    let heaviest = step.effects.iter().map(|effect| effect.kind.len() + effect.json.len()).max().unwrap_or(0);
    if heaviest > EFFECT_BYTES_MAX {
        return Err(bad_step(code::LIMIT_EFFECTS, format!("an effect of {heaviest} bytes")));
    }
    if step.watch.len() > WATCHES_MAX {
        return Err(bad_step(code::LIMIT_WATCHES, format!("{} names", step.watch.len())));
    }
    match step.watch.iter().find(|name| name.is_empty() || name.len() > STORAGE_KEY_BYTES_MAX) {
        Some(name) => Err(bad_step(code::LIMIT_STORAGE_KEY, format!("watches a name of {} bytes", name.len()))),
        None => Ok(()),
    }
}

fn bad_step(code: &Code, detail: String) -> Fault {
    Fault::BadStep { code: code.code.to_owned(), detail }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Texts of a screen, which is nearly all that it weighs on the wire.
fn weigh(screen: &Checked) -> u64 {
    let nodes = screen.nodes.iter().map(|node| {
        let props: usize = node.props.iter().map(|(name, value)| name.len() + value.len()).sum();
        size_of_val(node.children.as_slice()) + node.id.len() + node.label.as_ref().map_or(0, String::len) + props
    });
    (screen.title.len() + nodes.sum::<usize>()) as u64
}

fn performance(mut state: CallState, step: Step, screen_bytes: u64) -> Performance {
    let cost = cost(&state, screen_bytes);
    let scope = state.scope.clone();
    let collected = std::mem::take(&mut state.pending).collect(&scope);
    Performance {
        step,
        guards: collected.guards,
        changes: collected.changes,
        calls: state.calls,
        logs: state.logs,
        cost,
        tickets_made: collected.tickets_made,
        partner_calls_made: collected.partner_calls_made,
        wakeups_delta: collected.wakeups_delta,
    }
}

fn cost(state: &CallState, screen_bytes: u64) -> Cost {
    Cost {
        compute_us: state.budget.compute_us(),
        wall_us: state.budget.wall_us(),
        memory_bytes: state.limiter.peak_bytes() as u64,
        host_calls: state.calls_made(),
        screen_bytes,
    }
}

/// Why wasmtime gave up. What the host itself ended was noted when it did.
pub(crate) fn classify(state: &mut CallState, error: &wasmtime::Error) -> Fault {
    if let Some(fault) = state.fault.take() {
        return fault;
    }
    if matches!(error.downcast_ref::<Trap>(), Some(Trap::StackOverflow)) {
        return Fault::Recursion;
    }
    // Wasmtime's own error for it has no type that one could ask for.
    if error.chain().any(|cause| cause.to_string().contains("fuel allocated for hostcalls")) {
        return Fault::HostCallBytes;
    }
    if state.limiter.refused() {
        return Fault::Memory;
    }
    Fault::Trap(told(error))
}

/// The trap and where it happened, innermost first, as far as the component's names tell.
fn told(error: &wasmtime::Error) -> String {
    let trap = error.downcast_ref::<Trap>().map(Trap::to_string);
    let cause = trap.unwrap_or_else(|| error.root_cause().to_string());
    match error.downcast_ref::<WasmBacktrace>() {
        Some(frames) => format!("{cause}\n{frames}"),
        None => cause,
    }
}
