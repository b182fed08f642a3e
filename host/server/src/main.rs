//! `xitai`: the host, the command line and the demo in one binary.
//!
//! The only crate that knows HTTP and wire JSON. Requests pass one gate ([`http::gate`]) and find their handler in one
//! table ([`http::routes`]); what the product does is in [`app`], one file for each noun; [`cli`] has a file for each
//! command.

mod app;
mod cli;
mod clock;
mod config;
mod dev;
mod http;
mod inspection;
mod jobs;
mod media;
mod package;
mod pages;
mod ports;
mod render;
mod scene;
mod traces;
mod words;
mod worker;
mod zone;

use clap::Parser;
use std::process::ExitCode;

/// The stage for mini programs
#[derive(Debug, Parser)]
#[command(name = "xitai", version, propagate_version = true, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: cli::Command,
}

/// A fifth of the work of a paid order went into the system's allocator: many small texts, made and freed on different
/// threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(ended) = cli::build::rustc::become_compiler() {
        return ended;
    }
    cli::run(CommandLine::parse().command)
}
