use super::*;
use crate::accounts;
use crate::db::{TxError, transact};
use crate::db_test;
use model::ErrorCode::*;
use model::accounts::Role;
use model::audit::AuditFilter;
use model::users::UserPatch;
use serde_json::json;

async fn write(t: &crate::service::Service, actor: &Actor, target: &str, after: Value) {
    let now = t.clock.now();
    let body = async |tx: &mut Tx| {
        let entry = Entry { action: "test.write", target: target.to_owned(), before: None, after: Some(after.clone()) };
        Ok::<_, TxError>(record(tx, actor, entry, now).await?)
    };
    transact!(t.db, body).unwrap();
}

db_test! {
    async fn it_is_read_filtered_and_in_pages(t: TestService) {
        let admin = t.admin("Root").await;
        let alice = t.user("alice", 0).await;
        accounts::update_user(&t, &admin, alice.user_id, UserPatch { role: Some(Role::Admin), ..Default::default() }).await.unwrap();
        t.clock.advance(60_000);
        write(&t, &admin, "thing:1", json!({"a": "=1+1"})).await;
        assert_eq!(list(&t, &alice, &AuditFilter::default()).await.unwrap_err().code, Forbidden);
        let count = async |filter: AuditFilter| list(&t, &admin, &filter).await.unwrap().total;
        let with = |change: fn(&mut AuditFilter)| {
            let mut filter = AuditFilter::default();
            change(&mut filter);
            filter
        };
        // Two users made by the program, one change, one thing.
        assert_eq!(count(with(|f| f.action = Some("user".into()))).await, 3);
        assert_eq!(count(with(|f| f.action = Some("user.update".into()))).await, 1);
        assert_eq!(count(with(|f| f.action = Some("use".into()))).await, 0);
        assert_eq!(count(with(|f| f.actor = Some("ROOT".into()))).await, 2);
        assert_eq!(count(with(|f| f.actor = Some("0".into()))).await, 2);
        assert_eq!(count(with(|f| f.target = Some("thing:1".into()))).await, 1);
        let since = t.clock.now();
        assert_eq!(count(AuditFilter { start: Some(since), ..Default::default() }).await, 1);
        assert_eq!(count(AuditFilter { end: Some(since), ..Default::default() }).await, 3);
        let page = list(&t, &admin, &AuditFilter { page: Some(2), page_size: Some(1), ..Default::default() }).await.unwrap();
        assert_eq!((page.total, page.items[0].action.as_str(), page.items[0].actor_name.as_str()), (4, "user.update", "Root"));
        assert_eq!(page.items[0].before.as_ref().unwrap()["role"], "user");
        assert_eq!(page.items[0].after.as_ref().unwrap()["role"], "admin");
        let long = AuditFilter { target: Some("x".repeat(101)), ..Default::default() };
        assert_eq!(list(&t, &admin, &long).await.unwrap_err().field.as_deref(), Some("target"));
    }

    async fn the_export_has_everything_in_steps(t: TestService) {
        let admin = t.admin("root").await;
        for n in 0..501 {
            write(&t, &admin, &format!("thing:{n}"), json!({"n": n, "text": "a \"b\""})).await;
        }
        let filter = AuditFilter { action: Some("test".into()), ..Default::default() };
        let (first, next) = csv(&t, &admin, &filter, None).await.unwrap();
        assert!(first.starts_with("\u{feff}id,created_at,"));
        assert_eq!(first.lines().count(), 501);
        assert!(first.contains(r#""{""n"":500,""text"":""a \""b\""""}""#), "{}", &first[..300]);
        let (second, end) = csv(&t, &admin, &filter, next).await.unwrap();
        assert_eq!((second.lines().count(), end), (1, None));
        assert!(second.contains("thing:0"));
        let user = t.user("alice", 0).await;
        assert_eq!(csv(&t, &user, &filter, None).await.unwrap_err().code, Forbidden);
    }
}
