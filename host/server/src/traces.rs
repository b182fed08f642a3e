//! Traces, where the operator named a collector: the spans that the log is kept in anyway (request, event, attempt, host
//! call, commit, partner call, job) go to it by OTLP over HTTP.
//!
//! A span says which program, release, branch and function, and never what a customer said or what a program computed:
//! lines of the log are no part of it. Without a collector nothing of this exists, and a span that the log does not ask
//! for costs one comparison.

mod post;
mod queue;

use crate::config::Config;
use axum::http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter as _};
use queue::Queue;
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

/// Where a collector takes spans, below its address.
const PATH: &str = "/v1/traces";
/// The name by which W3C carries a trace from one system to the next.
const PARENT: &str = "traceparent";

#[derive(Debug, Clone)]
pub struct TracesConfig {
    /// The collector's address, such as `http://127.0.0.1:4318`.
    pub collector: String,
    /// Whether partners are told which trace a call belongs to.
    pub to_partners: bool,
}

/// Traces that run. Dropped, it hands over what waits.
pub struct Traces(SdkTracerProvider);

impl Traces {
    pub fn start(config: &TracesConfig) -> Result<Self, String> {
        let told = |fault: &dyn std::fmt::Display| format!("the collector of traces: {fault}");
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(post::Post::new())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", config.collector.trim_end_matches('/')))
            .build()
            .map_err(|fault| told(&fault))?;
        let resource = Resource::builder()
            .with_service_name("xitai")
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        exporter.set_resource(&resource);
        let queue = Queue::start(exporter).map_err(|fault| told(&fault))?;
        let provider = SdkTracerProvider::builder().with_span_processor(queue).with_resource(resource).build();
        Ok(Self(provider))
    }

    /// What takes spans in beside the log.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let layer = tracing_opentelemetry::layer().with_tracer(self.0.tracer("xitai"));
        let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false).with_level(false);
        let ours = filter_fn(|it: &Metadata<'_>| it.is_span() && it.target().starts_with("xitai"));
        layer.with_filter(ours.with_max_level_hint(LevelFilter::DEBUG))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // What can't be handed over now is lost, and was counted.
        let _ = self.0.shutdown();
    }
}

/// Makes a request's span part of the trace that its headers name.
pub fn goes_on(span: &Span, headers: &HeaderMap) {
    if headers.contains_key(PARENT) {
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        // A span that nobody takes in has no place in a trace.
        let _ = span.set_parent(parent);
    }
}

/// The present span as the next system is told of it, where the operator wants partners to know.
pub fn told_on(config: &Config) -> Option<(&'static str, String)> {
    config.traces.as_ref().filter(|traces| traces.to_partners)?;
    let context = Span::current().context();
    if !context.span().span_context().is_valid() {
        return None;
    }
    let mut headers = HeaderMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut HeaderInjector(&mut headers));
    headers.get(PARENT).and_then(|value| value.to_str().ok()).map(|value| (PARENT, value.to_owned()))
}
