use super::*;
use clap::{Args, FromArgMatches};

fn overrides(arguments: &[&str]) -> Overrides {
    let command = AllSettings::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], arguments].concat()).unwrap();
    AllSettings::from_arg_matches(&matches).unwrap().0
}

/// Every key of the configuration has an option and a variable.
#[test]
fn nothing_can_be_set_in_the_file_alone() {
    let full = Config { public_url: Some("http://x".into()), metrics_token: Some("0123456789abcdef".into()), ..Config::default() };
    let table: toml::Table = full.to_toml().parse().unwrap();
    let mut keys = Vec::new();
    for (name, value) in &table {
        match value.as_table() {
            Some(section) => keys.extend(section.keys().map(|key| format!("{name}.{key}"))),
            None => keys.push(name.clone()),
        }
    }
    let mut known: Vec<_> = BASIC.iter().chain(&MORE).map(|setting| setting.key).filter(|key| *key != "config").collect();
    keys.sort();
    known.sort_unstable();
    assert_eq!(keys, known);
}

#[test]
fn options_win_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:1\"\ntrusted_proxies = 2\n[engine]\nslots = 7\n").unwrap();
    let file = file.to_str().unwrap();
    let config =
        overrides(&["--config", file, "--listen", "127.0.0.1:9", "--engine-slots", "8", "--cors-allowed-origins", "https://a.example, *"])
            .load()
            .unwrap();
    assert_eq!((config.listen.as_str(), config.trusted_proxies, config.engine.slots), ("127.0.0.1:9", 2, 8));
    assert_eq!(config.cors_allowed_origins, ["https://a.example", "*"]);
}

#[test]
fn wrong_values_are_sentences() {
    assert_eq!(overrides(&["--engine-slots", "many"]).load().unwrap_err(), "`many` is not a value for `engine.slots`.");
    assert_eq!(overrides(&["--api-key-in-query", "perhaps"]).load().unwrap_err(), "`perhaps` is not a value for `api_key_in_query`.");
    assert!(
        overrides(&["--config", "/nowhere/at/all.toml"])
            .load()
            .unwrap_err()
            .starts_with("The settings in /nowhere/at/all.toml cannot be read")
    );
}

/// `engine.slots` in the file is `--engine-slots` and `APIREQUESTWEB_ENGINE_SLOTS`.
#[test]
fn names_follow_from_the_file() {
    for setting in BASIC.iter().chain(&MORE) {
        assert_eq!(setting.option, setting.key.replace(['.', '_'], "-"));
        assert_eq!(setting.variable, format!("APIREQUESTWEB_{}", setting.key.replace('.', "_").to_uppercase()));
    }
}
