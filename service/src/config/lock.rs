//! One server on one data folder: an advisory lock that the system takes back when the process ends, however it ends.

use super::Config;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Holds a data folder and its database until it is dropped.
#[derive(Debug)]
pub struct DataLock {
    _files: Vec<File>,
}

/// Makes the data folder and takes it, and an SQLite file that is kept elsewhere; the error is a sentence.
///
/// `serve` and `restore` take it; commands that work beside a running server do not.
pub fn lock_data_dir(config: &Config) -> Result<DataLock, String> {
    let folder = &config.data_dir;
    std::fs::create_dir_all(folder).map_err(|error| format!("The data folder {} cannot be made: {error}.", folder.display()))?;
    let mut files = vec![take(&folder.join("lock"), folder)?];
    if let Some(database) = config.sqlite_path()
        && database.parent().and_then(|at| at.canonicalize().ok()) != folder.canonicalize().ok()
    {
        let mut beside = database.clone().into_os_string();
        beside.push(".lock");
        files.push(take(&PathBuf::from(beside), &database)?);
    }
    Ok(DataLock { _files: files })
}

fn take(path: &Path, what: &Path) -> Result<File, String> {
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let mut file = open.map_err(|error| format!("The lock {} cannot be opened: {error}.", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            // Only for people: the lock is the lock, not this number.
            let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim().parse::<u32>().map_or_else(|_| String::new(), |id| format!(" (process {id})"));
            Err(format!("{} is in use by a running server{holder}. Stop it, or give this one a data folder of its own.", what.display()))
        }
        Err(TryLockError::Error(error)) => Err(format!("The lock {} cannot be taken: {error}.", path.display())),
    }
}
