//! Spans that wait for the collector: at most so many, handed over by a thread of their own. Nobody who serves a customer
//! waits for it; what does not fit is dropped and counted.

use futures::executor::block_on;
use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanId, TraceContextExt};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter as _, SpanProcessor};
use std::collections::HashSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use xitai_model::limits::{TRACE_SPANS_BATCH_MAX, TRACE_SPANS_WAITING_MAX};

/// How long a span may wait for others to go with.
const GATHER: Duration = Duration::from_secs(1);
/// The name of the spans of jobs, which look for work all the time.
const JOB: &str = "job";

#[derive(Debug)]
pub struct Queue {
    /// Gone once it is shut down.
    sender: Mutex<Option<SyncSender<SpanData>>>,
    ended: Mutex<Receiver<()>>,
    /// Roots below which nothing has happened yet: a job that found nothing to do is not worth telling.
    resting: Mutex<HashSet<SpanId>>,
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().expect("no holder of the lock panics")
}

fn dropped(spans: usize, why: &'static str) {
    metrics::counter!("xitai_trace_spans_dropped_total", "why" => why).increment(spans as u64);
}

impl Queue {
    pub fn start(exporter: SpanExporter) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(TRACE_SPANS_WAITING_MAX);
        let (ends, ended) = sync_channel(1);
        std::thread::Builder::new().name("traces".to_owned()).spawn(move || {
            deliver(&exporter, &receiver);
            // Whoever shut it down may have stopped waiting.
            let _ = ends.send(());
        })?;
        Ok(Self { sender: Mutex::new(Some(sender)), ended: Mutex::new(ended), resting: Mutex::default() })
    }
}

/// Hands spans over in batches until the queue is shut down.
fn deliver(exporter: &SpanExporter, spans: &Receiver<SpanData>) {
    while let Ok(first) = spans.recv() {
        let until = Instant::now() + GATHER;
        let mut batch = vec![first];
        while batch.len() < TRACE_SPANS_BATCH_MAX {
            match spans.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(span) => batch.push(span),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let count = batch.len();
        match block_on(exporter.export(batch)) {
            Ok(()) => metrics::counter!("xitai_trace_spans_told_total").increment(count as u64),
            Err(_) => dropped(count, "collector"),
        }
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, span: &mut Span, context: &Context) {
        let parent = context.span().span_context().clone();
        let mut resting = lock(&self.resting);
        if parent.is_valid() {
            resting.remove(&parent.span_id());
        } else {
            resting.insert(span.span_context().span_id());
        }
    }

    fn on_end(&self, span: SpanData) {
        let rested = lock(&self.resting).remove(&span.span_context.span_id());
        if rested && span.name == JOB {
            return;
        }
        let sender = lock(&self.sender);
        if sender.as_ref().is_some_and(|sender| sender.try_send(span).is_err()) {
            dropped(1, "queue");
        }
    }

    /// Nothing asks for it but a shutdown, which waits by itself.
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        drop(lock(&self.sender).take());
        lock(&self.ended).recv_timeout(timeout).map_err(|_| OTelSdkError::Timeout(timeout))
    }
}
