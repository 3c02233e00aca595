//! Files that appear whole or not at all.

use super::refused;
use model::Result;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A file under a temporary name, removed unless it is published.
pub(super) struct Partial(PathBuf);

impl Partial {
    /// An empty file beside another, readable by its owner only: a backup holds every secret of the installation.
    pub fn beside(path: &Path) -> Result<Self> {
        let name = path.file_name().ok_or_else(|| refused(format!("{} does not name a file.", path.display())))?;
        let mut partial = name.to_owned();
        partial.push(format!(".partial-{}", &crate::tasks::random_id()[..8]));
        let partial = path.with_file_name(partial);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&partial).map_err(|error| refused(format!("{} cannot be written: {error}.", partial.display())))?;
        Ok(Partial(partial))
    }

    /// The temporary name.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Puts the file on disk and gives it its name, unless something has that name by now. Its size in bytes.
    pub async fn publish(self, to: &Path) -> Result<u64> {
        let (from, target) = (self.0.clone(), to.to_owned());
        let work = move || {
            let file = File::open(&from)?;
            file.sync_all()?;
            // A link, unlike a rename, refuses to replace what is there.
            match std::fs::hard_link(&from, &target) {
                Err(error) if error.kind() == io::ErrorKind::Unsupported || error.kind() == io::ErrorKind::PermissionDenied => {
                    File::create_new(&target)?;
                    std::fs::rename(&from, &target)?;
                }
                linked => linked?,
            }
            sync_folder(&target)?;
            file.metadata().map(|metadata| metadata.len())
        };
        let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other).and_then(|size| size);
        done.map_err(|error| refused(format!("{} cannot be written: {error}.", to.display())))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After publishing only the temporary name is left to go.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Makes names that were given or taken in the folder of a file durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// A path with something added to its last name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
