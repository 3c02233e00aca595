//! Applying catalogs to a database.

use super::catalog::FULL;
use crate::actor::Actor;
use crate::db::query;
use crate::db_test;
use crate::features::*;
use model::ErrorCode::*;
use model::catalog::Catalog;
use model::rules::UNLIMITED;

fn names(report: &[String]) -> Vec<&str> {
    report.iter().map(String::as_str).collect()
}

db_test! {
    async fn applying_is_idempotent_and_keeps_numbers_and_credentials(t: TestService) {
        let system = Actor::system();
        let user = t.user("alice", 0).await;
        let catalog = catalog_parse(FULL, false).unwrap();
        assert_eq!(catalog_apply(&t, &user, &catalog, false).await.unwrap_err().code, Forbidden);
        let dry = catalog_apply(&t, &system, &catalog, true).await.unwrap();
        assert!(snapshot(&t).rules.is_empty() && t.db.fetch_all(query("SELECT id FROM rules")).await.unwrap().is_empty());
        let report = catalog_apply(&t, &system, &catalog, false).await.unwrap();
        assert_eq!(report, dry);
        assert_eq!(names(&report.created), ["rule music", "rule echo", "channel first", "channel spare", "feature song", "feature plain-echo"]);
        let again = catalog_apply(&t, &system, &catalog, false).await.unwrap();
        assert_eq!((again.created.len(), again.updated.len(), again.unchanged), (0, 0, 6));

        let before = snapshot(&t);
        assert_eq!(before.version, 1);
        let song = before.features.values().find(|row| row.feature.key == "song").unwrap().id;
        let secret = |snapshot: &Snapshot| snapshot.channels.values().find(|row| row.channel.name == "first").unwrap().channel.credential.clone();
        assert_eq!(secret(&before).as_deref(), Some("s3cret"));
        assert_eq!(before.platforms["suno"].len(), 1);
        let stored = t.db.fetch_all(query("SELECT definition FROM channels")).await.unwrap();
        assert!(stored.iter().all(|row| !row.get::<String>(0).unwrap().contains("s3cret") && !row.get::<String>(0).unwrap().contains("an0ther")));

        // A part of the file, changed: the rest stays as it is, and so do numbers and the credential.
        let mut part = Catalog { features: catalog.features[..1].to_vec(), rules: catalog.rules[..1].to_vec(), ..catalog.clone() };
        part.features[0].points = 6;
        part.channels[0].credential = None;
        part.channels[0].weight = 9;
        let report = catalog_apply(&t, &system, &part, false).await.unwrap();
        assert_eq!((names(&report.updated), report.unchanged), (vec!["channel first", "feature song"], 2));
        let after = snapshot(&t);
        assert_eq!((after.version, after.features[&song].feature.points, after.features.len()), (2, 6, 2));
        assert_eq!(secret(&after).as_deref(), Some("s3cret"));
        part.channels[0].credential = Some("n3w".to_owned());
        assert_eq!(names(&catalog_apply(&t, &system, &part, false).await.unwrap().updated), ["channel first"]);
        assert_eq!(secret(&snapshot(&t)).as_deref(), Some("n3w"));

        // Another rule for a feature.
        let mut moved = catalog.clone();
        moved.features[0] = model::features::Feature { rule: "echo".to_owned(), max_retries: None, ..part.features[0].clone() };
        moved.channels = part.channels.clone();
        assert_eq!(names(&catalog_apply(&t, &system, &moved, false).await.unwrap().updated), ["feature song"]);
        let now = snapshot(&t);
        assert_eq!(now.rules[&now.features[&song].rule_id].rule.name, "echo");
    }

    async fn what_is_exported_can_be_applied_again(t: TestService) {
        let system = Actor::system();
        let catalog = catalog_parse(FULL, false).unwrap();
        catalog_apply(&t, &system, &catalog, false).await.unwrap();
        let exported = catalog_text(&catalog_export(&t, &system).await.unwrap(), false);
        assert!(!exported.contains("s3cret") && !exported.contains("an0ther") && exported.contains("max_per_minute: 90"));
        let report = catalog_apply(&t, &system, &catalog_parse(&exported, false).unwrap(), false).await.unwrap();
        assert_eq!((report.created.len(), report.updated.len(), report.unchanged), (0, 0, 6));
        assert_eq!(snapshot(&t).version, 1);
    }

    async fn a_wrong_catalog_changes_nothing(t: TestService) {
        let mut catalog = catalog_parse(FULL, false).unwrap();
        catalog.features[1].rule = "nothing".to_owned();
        let refused = catalog_apply(&t, &Actor::system(), &catalog, false).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Invalid, Some("features[1].rule")));
        assert!(t.db.fetch_all(query("SELECT id FROM rules")).await.unwrap().is_empty());
    }

    async fn other_nodes_follow(t: TestService) {
        let other = t.another_node().await;
        let catalog = catalog_parse(FULL, false).unwrap();
        assert!(!refresh(&other).await.unwrap());
        catalog_apply(&t, &Actor::system(), &catalog, false).await.unwrap();
        assert!(refresh(&other).await.unwrap() && !refresh(&other).await.unwrap());
        assert_eq!(snapshot(&other).features.len(), 2);
        // A definition that cannot be read takes only itself away, and is told.
        t.db.execute(query("UPDATE rules SET definition = '{}' WHERE name = 'echo'")).await.unwrap();
        t.db.execute(query("UPDATE settings SET value = '7' WHERE key = 'catalog_version'")).await.unwrap();
        assert!(refresh(&other).await.unwrap());
        assert_eq!((snapshot(&other).rules.len(), unreadable(&other).await.unwrap().len()), (1, 1));
        assert!(catalog_export(&t, &Actor::system()).await.is_err());
        // Applying the file mends it.
        assert_eq!(names(&catalog_apply(&other, &Actor::system(), &catalog, false).await.unwrap().updated), ["rule echo"]);
    }

    async fn users_see_what_is_switched_on(t: TestService) {
        let alice = t.user("alice", 0).await;
        catalog_apply(&t, &Actor::system(), &catalog_parse(FULL, false).unwrap(), false).await.unwrap();
        let shown = list(&t, &alice).await.unwrap();
        assert_eq!(shown.iter().map(|feature| feature.name.as_str()).collect::<Vec<_>>(), ["歌曲"]);
        assert_eq!((shown[0].rule_retry_count, shown[0].default_retries, shown[0].default_interval_seconds), (UNLIMITED, 2, 10));
        assert_eq!(get(&t, &alice, shown[0].id).await.unwrap(), shown[0]);
        let hidden = snapshot(&t).features.values().find(|row| !row.feature.enabled).unwrap().id;
        assert_eq!(get(&t, &alice, hidden).await.unwrap_err().code, NotFound);
        assert_eq!(get(&t, &alice, -1).await.unwrap_err().code, NotFound);
    }
}
