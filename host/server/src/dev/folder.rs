//! A program's own files: what they hold, and whether they were saved.
//!
//! What tools make is no part of them: else a build would bring about the next one.

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::mpsc;

/// Folders that tools fill. Those that begin with a dot are left out too.
const MADE: &[&str] = &["target", "dist", "node_modules", "__pycache__", "venv"];
/// Files that tools write beside the sources.
const LOCKS: &[&str] = &["Cargo.lock", "package-lock.json"];
/// Larger ones are known by size and time.
const READ_BYTES_MAX: u64 = 1 << 20;
/// How often one looks where the system tells of no saves.
const LOOK_EVERY: Duration = Duration::from_millis(500);

fn is_own(name: &str) -> bool {
    is_written(name) && !MADE.contains(&name) && !LOCKS.contains(&name)
}

/// Whether an author means it: neither hidden nor what an editor or a file manager leaves beside it.
pub fn is_written(name: &str) -> bool {
    let is_left = name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    !name.starts_with('.') && !is_left
}

/// Names what the files hold: another value means that something was changed.
pub fn print(folder: &Path) -> [u8; 32] {
    let mut hasher = Sha256::new();
    add(folder, &mut hasher);
    hasher.finalize().into()
}

fn add(folder: &Path, hasher: &mut Sha256) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().filter(|entry| is_own(&entry.file_name().to_string_lossy())).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        hasher.update(entry.file_name().as_encoded_bytes());
        hasher.update([0]);
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() {
            add(&path, hasher);
        } else if about.len() <= READ_BYTES_MAX {
            hasher.update(std::fs::read(&path).unwrap_or_default());
        } else {
            let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
            hasher.update(about.len().to_be_bytes());
            hasher.update(since.as_nanos().to_be_bytes());
        }
    }
}

/// Tells of saves, many as one.
pub struct Watch {
    folder: PathBuf,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    saved: mpsc::Receiver<()>,
}

impl Watch {
    pub fn of(folder: &Path) -> Self {
        // One that waits is enough: whoever takes it looks at everything.
        let (tell, saved) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |_| {
            let _ = tell.try_send(());
        });
        let mut watch = Self { folder: folder.to_owned(), watcher: watcher.ok(), watched: BTreeSet::new(), saved };
        watch.follow();
        watch
    }

    /// Follows folders that came since. What tools fill is not followed: there may be very many of those.
    fn follow(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        if self.watched.insert(self.folder.clone()) && watcher.watch(&self.folder, RecursiveMode::NonRecursive).is_err()
        {
            self.watcher = None;
            return;
        }
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir()
                && is_own(&entry.file_name().to_string_lossy())
                && !self.watched.contains(&path)
                && watcher.watch(&path, RecursiveMode::Recursive).is_ok()
            {
                self.watched.insert(path);
            }
        }
    }

    /// Waits for a save, and until no other has come for `quiet`; not for ever where they do not end.
    pub async fn saved(&mut self, quiet: Duration, at_most: Duration) {
        if self.watcher.is_none() {
            return tokio::time::sleep(LOOK_EVERY).await;
        }
        if self.saved.recv().await.is_none() {
            return tokio::time::sleep(LOOK_EVERY).await;
        }
        let calm = async { while tokio::time::timeout(quiet, self.saved.recv()).await.is_ok_and(|it| it.is_some()) {} };
        let _ = tokio::time::timeout(at_most, calm).await;
        self.follow();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_make_changes_nothing() {
        let folder = tempfile::Builder::new().prefix("茶 馆").tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        write("src/lib.rs", "fn one() {}");
        let first = print(folder.path());
        for name in ["target/release/x", "dist/a.ma", "node_modules/a/b.js", ".xitai/wit/own.wit", "Cargo.lock"] {
            write(name, "made");
        }
        for name in ["src/.lib.rs.swp", "src/lib.rs~", "src/#lib.rs#", ".DS_Store"] {
            write(name, "left by an editor");
        }
        assert_eq!(print(folder.path()), first);
        write("src/lib.rs", "fn two() {}");
        let second = print(folder.path());
        assert_ne!(second, first);
        write("src/lib.rs", "fn one() {}");
        assert_eq!(print(folder.path()), first, "saved back, it is as it was");
        write("图/一.svg", "<svg/>");
        assert_ne!(print(folder.path()), first);
    }

    #[tokio::test]
    async fn many_saves_are_told_as_few() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("src")).expect("a folder");
        let mut watch = Watch::of(folder.path());
        for number in 0..20 {
            std::fs::write(folder.path().join("src/lib.rs"), format!("{number}")).expect("a file");
        }
        let told = watch.saved(Duration::from_millis(50), Duration::from_secs(2));
        tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told");
        // A folder that is new is followed from then on.
        std::fs::create_dir(folder.path().join("assets")).expect("a folder");
        let told = watch.saved(Duration::from_millis(50), Duration::from_secs(2));
        tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told");
        std::fs::write(folder.path().join("assets/a.svg"), "<svg/>").expect("a file");
        let told = watch.saved(Duration::from_millis(50), Duration::from_secs(2));
        tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told");
    }
}
