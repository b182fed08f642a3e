//! Native code of approved components, compiled in a process with limits and kept under this host's key.
//!
//! A host that did not make the code itself (another host approved the release, or the folder was lost) makes it when
//! the program is first opened, once, however many customers wait for it.

use super::{App, damage};
use crate::http::problem::Problem;
use crate::inspection;
use tokio::sync::Mutex;
use xitai_model::release::{Part, Release, Severity};
use xitai_runtime::LoadFault;

/// One at a time: compiling takes every processor that it gets.
static COMPILING: Mutex<()> = Mutex::const_new(());

/// Makes the native code of a release's component, unless this host has it.
pub async fn make(app: &App, release: &Release) -> Result<(), Problem> {
    let _turn = COMPILING.lock().await;
    match app.runtime.load(&release.component, &release.granted) {
        Err(LoadFault::NotCompiled) => {}
        // What stands there is loaded by nobody; code that is made again of what was approved takes its place.
        Err(LoadFault::Changed) => {
            damage::alarm(app, release, Part::Native, "native code that this host did not write").await;
        }
        _ => return Ok(()),
    }
    let component = damage::file(app, release, Part::Component).await?;
    let (native_dir, native_key) = (app.config.data_dir.join("native"), app.keys.native);
    let answer = tokio::task::spawn_blocking(move || inspection::compile(&component, native_dir, &native_key))
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    match answer.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Problem::named(&finding.code).detail(&finding.evidence)),
        None => Ok(()),
    }
}
