//! `xitai dev`: a program's folder, built at each save, on a whole host of this very process, and a page beside it that
//! shows what goes on inside.
//!
//! Nothing of it is a simulator. The phone in the page is the host's own page, served by the host's own router; taps come
//! in as a customer's do ([`door`]), and the bank is a scene's ([`crate::scene`]): what happens there is a scene that is
//! being written, which is how it can be played again and saved. After each turn the bank is copied; going back is taking
//! such a copy up again ([`stage`]). Decision 0038 says why.

mod act;
mod again;
mod builder;
mod door;
pub mod folder;
mod ground;
mod moment;
mod observe;
mod page;
mod save;
mod show;
mod stage;
mod view;

use crate::cli::build::BuildFault;
use builder::Build;
use stage::Stage;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// One `xitai dev`.
pub struct Dev {
    folder: PathBuf,
    /// What happens on the stage happens one after the other.
    stage: tokio::sync::Mutex<Stage>,
    /// The bank that is open now, for requests that change nothing in it.
    open: RwLock<Option<door::Open>>,
    build: Mutex<Build>,
    /// Counts what there was to see, so that pages look again.
    news: watch::Sender<u64>,
}

impl Dev {
    /// Everything that it makes beside the program's own files is in a temporary folder, which goes with it.
    pub fn new(folder: PathBuf) -> Result<Arc<Self>, BuildFault> {
        let stage = Stage::new().map_err(|fault| BuildFault::file(&std::env::temp_dir(), fault))?;
        Ok(Arc::new(Self {
            folder,
            stage: tokio::sync::Mutex::new(stage),
            open: RwLock::new(None),
            build: Mutex::new(Build::default()),
            news: watch::channel(0).0,
        }))
    }

    /// Serves the page and builds at each save, until `asked`.
    pub async fn run(self: Arc<Self>, listener: TcpListener, asked: impl Future<Output = ()>) -> Result<(), String> {
        let address = listener.local_addr().map_err(|fault| fault.to_string())?;
        let router = door::router(self.clone(), address.port());
        let building = tokio::spawn(builder::keep(self.clone()));
        let served = axum::serve(listener, router);
        let ended = tokio::select! {
            served = served => served.map_err(|fault| fault.to_string()),
            () = asked => Ok(()),
        };
        building.abort();
        self.stage.lock().await.close().await;
        ended
    }

    /// Pages look again.
    fn tell(&self) {
        self.news.send_modify(|number| *number += 1);
    }

    fn open(&self) -> Option<door::Open> {
        self.open.read().expect("no holder of the lock panics").clone()
    }

    fn build(&self) -> MutexGuard<'_, Build> {
        self.build.lock().expect("no holder of the lock panics")
    }

    /// Lets requests go to the bank that is on the stage now.
    fn show(&self, stage: &Stage) {
        let mut open = self.open.write().expect("no holder of the lock panics");
        *open = door::Open::of(stage, open.as_ref());
        drop(open);
        self.tell();
    }
}
