//! Makes sure that the folder with the built site exists, so that the server compiles before the first build of the front end.

use std::path::Path;

fn main() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    if let Err(error) = std::fs::create_dir_all(&site) {
        println!("cargo:warning=the folder {} could not be made: {error}", site.display());
    }
    // Only a release binary carries the files inside; a debug binary reads them from disk and need not be built again for them.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={}", site.display());
    } else {
        println!("cargo:rerun-if-changed=build.rs");
    }
}
