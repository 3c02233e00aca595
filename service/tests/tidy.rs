//! House rules that a compiler does not know, checked over the files of the whole workspace.
//!
//! Each rule collects what offends it and fails with the list, so that one run shows everything there is to mend.

use std::fs;
use std::path::{Path, PathBuf};

/// Most lines of a source file. Under 200 is the aim; 300 wants a reason.
const MOST_LINES: usize = 500;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"];

/// Folders whose files are made or fetched.
const NOT_OURS: [&str; 9] =
    ["target", "node_modules", ".git", "data", "test-results", "playwright-report", "screenshots", "vendor", "snapshots"];

/// One text file.
struct Source {
    /// From the root of the workspace.
    path: String,
    text: String,
}

impl Source {
    fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Whether it is only compiled for tests.
    fn is_test(&self) -> bool {
        let parts = ["/tests/", "/testing/", "/benches/"];
        self.is(&["/tests.rs", "/testing.rs"]) || parts.iter().any(|part| self.path.contains(part)) || self.path.starts_with("end2end/")
    }

    /// Lines with their place, those of an inline test module left out.
    fn product_lines(&self) -> impl Iterator<Item = (String, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        self.text[..end].lines().enumerate().map(|(at, line)| (format!("{}:{}", self.path, at + 1), line))
    }

    /// All lines with their place.
    fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (format!("{}:{}", self.path, at + 1), line))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every text file that is ours, save this one, which has to name what it refuses.
fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().unwrap().is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    folders.push(entry.path());
                }
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                let path = entry.path().strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { path, text });
            }
        }
    }
    assert!(found.len() > 50, "only {} files were found", found.len());
    found.retain(|file| file.path != "service/tests/tidy.rs");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Fails with the list if there is one.
fn none(rule: &str, offenders: Vec<String>) {
    assert!(offenders.is_empty(), "{rule}\n  {}\n", offenders.join("\n  "));
}

/// Every line of some files for which `offends` holds, with its place.
fn lines_that(files: &[&str], offends: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources().iter().filter(|file| file.is(files)) {
        found.extend(file.product_lines().filter(|(_, line)| offends(file, line)).map(|(place, line)| format!("{place}: {}", line.trim())));
    }
    found
}

#[test]
fn files_are_short() {
    let long = sources()
        .into_iter()
        .filter(|file| file.is(&[".rs", ".ts", ".css", ".md"]) || file.path.starts_with("scripts/"))
        .filter_map(|file| Some((file.text.lines().count(), file.path)).filter(|(lines, _)| *lines > MOST_LINES))
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    none(&format!("A file has at most {MOST_LINES} lines: cut it where the subject changes."), long);
}

#[test]
fn names_say_something() {
    let says_nothing = |path: &Path| path.with_extension("").iter().any(|part| EMPTY_NAMES.iter().any(|name| part == *name));
    let empty = sources().into_iter().map(|file| file.path).filter(|path| says_nothing(Path::new(path))).collect();
    none("Files and folders are named after what is in them, not 'util' or 'common'.", empty);
}

#[test]
fn no_test_is_left_out() {
    let words = ["#[ignore", "test.skip(", "test.only(", "test.fixme("];
    let mut ignored = Vec::new();
    for file in sources().iter().filter(|file| file.is(&[".rs", ".ts"])) {
        ignored.extend(file.lines().filter(|(_, line)| words.iter().any(|word| line.contains(word))).map(|(place, _)| place));
    }
    none("A test that does not run protects nothing: mend it, or assert what happens today and say why it is wrong.", ignored);
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "HACK"];
    let later = lines_that(&[".rs", ".ts", ".css", ".sql", ".toml", ".yaml", "Makefile"], |_, line| {
        line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
    });
    none("What is missing belongs in an issue, not in a comment.", later);
}

#[test]
fn errors_are_handled() {
    let bare = lines_that(&[".rs"], |file, line| !file.is_test() && line.contains(".unwrap()") && !line.trim_start().starts_with("//"));
    none("Outside tests `.unwrap()` gives no reason: handle the error, or use `.expect(\"why it cannot happen\")`.", bare);
}

#[test]
fn no_machine_is_named() {
    let folders = ["/root/", "/home/", "/Users/", "/work/"];
    let hosts = ["registry.npmjs", "index.crates.io", "static.crates.io", "files.pythonhosted"];
    // `https://x/home/`, `./work/` and `$X/work/` are no paths of a machine.
    let is_path = |line: &str, at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}$)*".contains(c));
    let mut named = Vec::new();
    for file in sources() {
        for (place, line) in file.lines() {
            let path = folders.iter().any(|folder| line.match_indices(folder).any(|(at, _)| is_path(line, at)));
            if path || hosts.iter().any(|host| line.contains(host)) {
                named.push(format!("{place}: {}", line.trim()));
            }
        }
    }
    none("Paths of one machine and hosts of package registries do not belong into the project.", named);
}

#[test]
fn every_crate_takes_the_lints() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("missing_docs = \"deny\""), "the workspace no longer refuses public items without a docstring");
    let manifests = sources().into_iter().filter(|file| file.is(&["/Cargo.toml"]));
    let without = manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true")).map(|file| file.path).collect();
    none("Every crate takes the workspace's lints.", without);
}

/// model ← service ← {app, server}, app ← frontend: what a layer must not even know of.
#[test]
fn layers_hold() {
    let forbidden: [(&str, &[&str]); 5] = [
        ("model/Cargo.toml", &["tokio", "sqlx", "axum", "hyper", "leptos", "service", "app", "server"]),
        ("service/Cargo.toml", &["axum", "leptos", "leptos_axum", "app", "server"]),
        ("app/Cargo.toml", &["sqlx", "hyper", "server"]),
        ("server/Cargo.toml", &["sqlx", "frontend"]),
        ("frontend/Cargo.toml", &["service", "server", "tokio"]),
    ];
    let mut broken = Vec::new();
    for (path, names) in forbidden {
        let manifest = fs::read_to_string(root().join(path)).unwrap();
        let product = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        let dependencies = product.split("[dependencies]").nth(1).unwrap_or_default();
        let known = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
        broken.extend(known.filter(|name| names.contains(name)).map(|name| format!("{path} depends on {name}")));
    }
    none("A layer knows only the layers below it.", broken);
}

#[test]
fn stores_are_private() {
    let peeking = lines_that(&[".rs"], |file, line| {
        let Some(inside) = file.path.strip_prefix("service/src/").filter(|_| !file.is_test()) else { return false };
        let own = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        line.match_indices("::store").any(|(at, _)| {
            let slice = line[..at].rsplit("crate::").next().unwrap_or_default();
            line[..at].contains("crate::") && slice != own && !slice.contains("::")
        })
    });
    none("A slice calls another through its public functions, never through its `store`.", peeking);
}

#[test]
fn migrations_come_in_pairs() {
    for folder in ["service/migrations", "service/migrations/logs"] {
        come_in_pairs(&root().join(folder));
    }
}

fn come_in_pairs(folder: &Path) {
    let names = |engine: &str| -> Vec<String> {
        let folder = folder.join(engine);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name.ends_with(".sql"));
        names.sort();
        names
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres, "each migration has the same number and name for both databases");
    let number = |name: &String| name.split('_').next().and_then(|number| number.parse::<usize>().ok());
    let numbers: Vec<_> = sqlite.iter().map(number).collect();
    let expected: Vec<_> = (1..=sqlite.len()).map(Some).collect();
    assert_eq!(numbers, expected, "migrations begin with their numbers, without gaps: {sqlite:?}");
}

#[test]
fn shipped_catalogs_are_valid() {
    for file in ["demo/catalog.yaml", "end2end/catalog.yaml"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        if let Err(problems) = service::features::catalog_parse(&text, false) {
            let lines =
                problems.iter().map(|problem| format!("{file}:{}: {}: {}", problem.line.unwrap_or(0), problem.place, problem.message));
            none("The catalogs that come with the project can be applied.", lines.collect());
        }
    }
}
