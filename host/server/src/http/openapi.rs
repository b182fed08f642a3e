//! The OpenAPI document, made from the table of routes, so that it can't miss one.

use super::routes::{self, Access, Face, Facts};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use std::sync::OnceLock;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Object, ObjectBuilder, Ref, Schema, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, InfoBuilder, OpenApiBuilder, PathsBuilder, RefOr, Required, ResponseBuilder,
};

/// A type of the wire: its name, its schema and the schemas that this names.
#[derive(Clone)]
pub struct Described {
    pub name: String,
    pub schemas: fn() -> Vec<(String, RefOr<Schema>)>,
}

impl std::fmt::Debug for Described {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

pub fn described<T: utoipa::ToSchema>() -> Described {
    Described { name: T::name().into_owned(), schemas: schemas_of::<T> }
}

fn schemas_of<T: utoipa::ToSchema>() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    schemas
}

/// `GET /openapi.json`
pub async fn document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| serde_json::to_string(&build()).unwrap_or_default());
    ([(axum::http::header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// Whether a route is part of the document: all but pages and their assets, which are for people.
fn is_described(facts: &Facts) -> bool {
    facts.face() == Face::Document && !facts.path.starts_with("/assets/")
}

/// The routes of the document.
pub fn described_routes() -> impl Iterator<Item = Facts> {
    routes::table().into_iter().map(|route| route.facts).filter(is_described)
}

/// The part of the API that a route belongs to, such as `sessions`.
pub fn part_of(path: &'static str) -> &'static str {
    path.strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next()).unwrap_or("host")
}

/// The document.
pub fn build() -> utoipa::openapi::OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .schema("Problem", problem_schema());
    for facts in described_routes() {
        for described in [&facts.takes, &facts.gives].into_iter().flatten() {
            for (name, schema) in (described.schemas)() {
                components = components.schema(name, schema);
            }
        }
        paths = paths.path(facts.path, PathItem::new(method(&facts.method), operation(&facts)));
    }
    let about = "Mini programs as pure functions: sessions, events, sheets, releases.";
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Xitai").version(env!("CARGO_PKG_VERSION")).description(Some(about)).build())
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn operation(facts: &Facts) -> utoipa::openapi::path::Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("{} {}", facts.method, facts.path)))
        .summary(Some(facts.says))
        .tag(part_of(facts.path));
    for name in facts.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
        operation = operation.parameter(parameter.schema(Some(Object::with_type(Type::String))).build());
    }
    if let Some(takes) = &facts.takes {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(&takes.name))).build();
        let body = RequestBodyBuilder::new().content(facts.takes_media, content).required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    } else if facts.takes_media != "application/json" {
        let bytes = ObjectBuilder::new().schema_type(Type::String).content_media_type(facts.takes_media);
        let content = ContentBuilder::new().schema(Some(bytes.build())).build();
        let body = RequestBodyBuilder::new().content(facts.takes_media, content).required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    let mut done = ResponseBuilder::new().description("Done");
    if let Some(gives) = &facts.gives {
        done = done.content(
            "application/json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name(&gives.name))).build(),
        );
    }
    let refused = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let refused =
        ResponseBuilder::new().description("Refused, with a stable code").content(super::problem::MEDIA_TYPE, refused);
    if !matches!(facts.access, Access::Anyone) {
        operation = operation.security(SecurityRequirement::new("token", Vec::<String>::new()));
    }
    operation.response("2XX", done.build()).response("default", refused.build()).build()
}

fn problem_schema() -> Object {
    let text = || Object::with_type(Type::String);
    ObjectBuilder::new()
        .property("type", text())
        .property("title", text())
        .property("status", Object::with_type(Type::Integer))
        .property("code", text())
        .property("detail", text())
        .property("mend", text())
        .property("request_id", text())
        .property("retry_after_ms", Object::with_type(Type::Integer))
        .required("code")
        .build()
}

fn method(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Get,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_of_the_table_is_in_the_document() {
        let document = serde_json::to_value(build()).expect("the document is JSON");
        for facts in described_routes() {
            let method = facts.method.as_str().to_lowercase();
            assert!(
                !document["paths"][facts.path][&method]["summary"].as_str().unwrap_or_default().is_empty(),
                "{method} {}",
                facts.path
            );
        }
    }
}
