//! The command line: a file for each command. 0 done, 1 refused, 2 usage.

pub mod advisories;
pub mod backup;
pub mod bench;
pub mod build;
pub mod check;
pub mod client;
pub mod demo;
pub mod dev;
pub mod docs;
pub mod explain;
pub mod found;
pub mod inspect_worker;
pub mod key_file;
pub mod keys;
pub mod login;
pub mod logs;
pub mod media_worker;
pub mod new;
pub mod offline;
pub mod partner_demo;
pub mod publish;
pub mod rail_demo;
pub mod recorded;
pub mod replay;
pub mod report;
pub mod routes;
pub mod serve;
pub mod shadow;
pub mod status;
pub mod terminal;
pub mod test;
pub mod verify;
mod verify_archive;

use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Found(found::FoundArgs),
    New(new::NewArgs),
    Build(build::BuildArgs),
    Check(check::CheckArgs),
    Test(test::TestArgs),
    Dev(dev::DevArgs),
    Login(login::LoginArgs),
    Publish(publish::PublishArgs),
    Status(status::StatusArgs),
    Logs(logs::LogsArgs),
    Replay(replay::ReplayArgs),
    Shadow(shadow::ShadowArgs),
    Verify(verify::VerifyArgs),
    Keys(keys::KeysArgs),
    Advisories(advisories::AdvisoriesArgs),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Migrate(backup::MigrateArgs),
    Explain(explain::ExplainArgs),
    Docs(docs::DocsArgs),
    Routes(routes::RoutesArgs),
    PartnerDemo(partner_demo::PartnerDemoArgs),
    RailDemo(rail_demo::RailDemoArgs),
    Bench(bench::BenchArgs),
    /// The child process that inspects and compiles
    #[command(name = crate::inspection::WORKER_COMMAND, hide = true)]
    InspectWorker,
    /// The child process that decodes and encodes pictures
    #[command(name = crate::media::WORKER_COMMAND, hide = true)]
    MediaWorker,
}

/// Carries out a command.
pub fn run(command: Command) -> ExitCode {
    match command {
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Found(args) => found::run(args).into(),
        Command::New(args) => new::run(args).into(),
        Command::Build(args) => build::run(args).into(),
        Command::Check(args) => check::run(args).into(),
        Command::Test(args) => test::run(args).into(),
        Command::Dev(args) => dev::run(args),
        Command::Login(args) => login::run(args).into(),
        Command::Publish(args) => publish::run(args).into(),
        Command::Status(args) => status::run(args).into(),
        Command::Logs(args) => logs::run(args).into(),
        Command::Replay(args) => replay::run(args).into(),
        Command::Shadow(args) => shadow::run(args).into(),
        Command::Verify(args) => verify::run(args).into(),
        Command::Keys(args) => keys::run(args).into(),
        Command::Advisories(args) => advisories::run(args).into(),
        Command::Backup(args) => backup::backup(args).into(),
        Command::Restore(args) => backup::restore(args).into(),
        Command::Migrate(args) => backup::migrate(args).into(),
        Command::PartnerDemo(args) => partner_demo::run(args),
        Command::RailDemo(args) => rail_demo::run(args),
        Command::Explain(args) => explain::run(args).into(),
        Command::Docs(args) => docs::run(args).into(),
        Command::Routes(args) => routes::run(args).into(),
        Command::Bench(args) => bench::run(args),
        Command::InspectWorker => inspect_worker::run(),
        Command::MediaWorker => media_worker::run(),
    }
}
