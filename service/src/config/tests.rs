use super::*;

#[test]
fn defaults_are_valid_and_survive_the_file() {
    let config = Config::default();
    assert_eq!(config.validate(), Ok(()));
    assert_eq!(Config::from_toml(&config.to_toml()), Ok(config.clone()));
    assert_eq!(Config::from_toml(""), Ok(config.clone()));
    assert_eq!(config.database_url(), "sqlite:./data/apirequestweb.db");
    assert_eq!(config.sqlite_path(), Some("./data/apirequestweb.db".into()));
}

#[test]
fn unknown_and_wrong_options_are_refused_with_their_line() {
    let error = Config::from_toml("listen = \"0.0.0.0:80\"\n[engine]\nslot = 3\n").unwrap_err();
    assert!(error.starts_with("Line 3: unknown field `slot`"), "{error}");
    let error = Config::from_toml("database = \"postgres://u:hidden@h/d\"\ntrusted_proxies = \"one\"\n").unwrap_err();
    assert!(error.starts_with("Line 2: ") && !error.contains("hidden"), "{error}");
}

#[test]
fn every_wrong_value_has_its_sentence() {
    let config = Config {
        listen: "localhost".to_owned(),
        database: "mysql://x".to_owned(),
        public_url: Some("https://example.com/path".to_owned()),
        cors_allowed_origins: vec!["*".to_owned(), "example.com".to_owned()],
        outbound_allow: vec!["127.0.0.1/32:4010".to_owned(), "[::1]/128:80".to_owned(), "::1:80".to_owned(), "10.0.0.0/8".to_owned()],
        default_interval_seconds: 1,
        metrics_token: Some(String::new()),
        log_format: "xml".to_owned(),
        engine: EngineConfig { slots: 0, lease_seconds: 1, ..EngineConfig::default() },
        ..Config::default()
    };
    let wrong = config.problems();
    assert_eq!(config.validate(), Err(wrong.join("\n")));
    let names: Vec<_> = wrong.iter().map(|sentence| sentence.split('`').nth(1).unwrap()).collect();
    let expected = [
        "listen",
        "database",
        "public_url",
        "cors_allowed_origins",
        "outbound_allow",
        "outbound_allow",
        "default_interval_seconds",
        "metrics_token",
        "log_format",
        "engine.slots",
        "engine.lease_seconds",
    ];
    assert_eq!(names, expected, "{wrong:#?}");
}

#[test]
fn what_is_shown_has_no_secrets() {
    for (database, shown) in [
        ("postgres://user:pa55@host:5432/db", "postgres://user:***@host:5432/db"),
        ("postgres://user@host/db?password=pa55&sslmode=require", "postgres://user@host/db?password=***&sslmode=require"),
        ("postgres:// pa55", "***"),
        ("sqlite:/tmp/x.db", "sqlite:/tmp/x.db"),
    ] {
        let config = Config { database: database.to_owned(), metrics_token: Some("pa55".to_owned()), ..Config::default() };
        assert_eq!(config.masked().database, shown);
        assert!(!config.masked().to_toml().contains("pa55"));
    }
}

#[test]
fn one_server_on_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: folder.path().join("data"), ..Config::default() };
    let elsewhere = Config { database: format!("sqlite:{}", folder.path().join("x.db").display()), ..config.clone() };
    let first = lock_data_dir(&config).unwrap();
    let refused = lock_data_dir(&config).unwrap_err();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    drop(first);
    let first = lock_data_dir(&elsewhere).unwrap();
    let other_folder = Config { data_dir: folder.path().join("other"), ..elsewhere.clone() };
    assert!(lock_data_dir(&other_folder).unwrap_err().contains("x.db"));
    drop(first);
    assert!(lock_data_dir(&other_folder).is_ok());
}

#[test]
fn own_addresses_are_known() {
    let config = Config { listen: "0.0.0.0:80".to_owned(), database: "postgres://u:p@localhost/d".to_owned(), ..Config::default() };
    assert_eq!(config.own_addresses(), ["0.0.0.0:80", "127.0.0.1:5432", "[::1]:5432"].map(|address| address.parse().unwrap()));
    let config = Config { database: "postgres://u:p@[fd00::5]:6000/d".to_owned(), ..Config::default() };
    assert_eq!(config.own_addresses()[1], "[fd00::5]:6000".parse().unwrap());
    assert_eq!(Config::default().own_addresses().len(), 1);
}
