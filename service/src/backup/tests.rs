use super::{backup, restore};
use crate::actor::Actor;
use crate::config::lock_data_dir;
use crate::db::{Db, Engine, query};
use crate::db_test;
use crate::ledger;
use crate::testing::TestService;
use model::ErrorCode::Conflict;

async fn available(url: &str) -> i64 {
    let db = Db::connect(url).await.unwrap();
    let found = db.fetch_one(query("SELECT available FROM accounts")).await.unwrap().get(0).unwrap();
    db.close().await;
    found
}

db_test! {
    async fn a_backup_under_load_comes_back_whole(t: TestService) {
        let alice = t.user("alice", 100).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        let load = async {
            for _ in 0..40 {
                ledger::recharge(&t, &Actor::system(), alice.user_id, 1, "load").await.unwrap();
            }
        };
        let (size, ()) = tokio::join!(backup(&t, &file), load);
        let size = size.unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().len(), size);
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap()) & 0o777, 0o600);
        let refused = backup(&t, &file).await.unwrap_err();
        assert_eq!(refused.code, Conflict);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");

        let config = (*t.config).clone();
        let running = lock_data_dir(&config).unwrap();
        assert!(restore(&config, &file).await.unwrap_err().message.contains("running server"));
        drop(running);
        if t.db.engine() == Engine::Postgres {
            assert!(restore(&config, &file).await.unwrap_err().message.contains("Stop every node"));
        }
        t.db.close().await;
        t.logs.close().await;

        // What is no backup, or a damaged one, changes nothing.
        let broken = folder.path().join("broken");
        let bytes = std::fs::read(&file).unwrap();
        for content in [b"hello".to_vec(), bytes[..bytes.len() / 2].to_vec()] {
            std::fs::write(&broken, content).unwrap();
            assert_eq!(restore(&config, &broken).await.unwrap_err().code, Conflict);
            assert_eq!(available(&config.database_url()).await, 140);
        }

        let restored = restore(&config, &file).await.unwrap();
        assert!(restored.checks.iter().all(|check| check.ok), "{:#?}", restored.checks);
        let found = available(&config.database_url()).await;
        assert!((100..=140).contains(&found), "{found}");
        let kept = restored.kept.unwrap();
        match t.db.engine() {
            Engine::Sqlite => assert_eq!(available(&format!("sqlite:{kept}")).await, 140),
            Engine::Postgres => {
                let db = Db::connect(&config.database_url()).await.unwrap();
                let text = format!("SELECT available FROM {}.accounts", kept.trim_start_matches("schema "));
                assert_eq!(db.fetch_one(query(crate::db::Sql::Built(text.into()))).await.unwrap().get::<i64>(0).unwrap(), 140);
                db.close().await;
            }
        }
    }
}

/// A database of somebody else is not taken for a backup.
#[tokio::test]
async fn a_foreign_database_is_refused() {
    let t = TestService::start(Engine::Sqlite).await;
    let foreign = t.config.data_dir.join("foreign.db");
    let url = format!("sqlite:{}", foreign.display());
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("{url}?mode=rwc")).await.unwrap();
    sqlx::raw_sql("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')").execute(&mut connection).await.unwrap();
    drop(connection);
    t.db.close().await;
    let before = std::fs::read(&foreign).unwrap();
    assert!(restore(&t.config, &foreign).await.unwrap_err().message.contains("not a backup of this program"));
    assert_eq!(std::fs::read(&foreign).unwrap(), before);
}
