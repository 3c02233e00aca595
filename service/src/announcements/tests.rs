use super::*;
use crate::db_test;
use crate::testing::START;
use model::ErrorCode::*;

fn new(title: &str) -> NewAnnouncement {
    NewAnnouncement {
        title: title.to_owned(),
        body: "第一行\r\n第二行".to_owned(),
        level: Level::Info,
        starts_at: None,
        ends_at: None,
        dismissible: true,
    }
}

async fn seen(t: &Service, actor: &Actor) -> Vec<String> {
    notices(t, actor).await.unwrap().into_iter().map(|notice| notice.title).collect()
}

db_test! {
    async fn readers_see_what_lasts_and_put_it_away(t: TestService) {
        let (admin, alice, bob) = (t.admin("admin").await, t.user("alice", 0).await, t.user("bob", 0).await);
        let one = create(&t, &admin, new("one")).await.unwrap();
        assert_eq!(one.body, "第一行\n第二行");
        let at = |seconds: i64| Some(Timestamp(START.0 + seconds * 1000));
        create(&t, &admin, NewAnnouncement { starts_at: at(10), ends_at: at(20), level: Level::Critical, ..new("later") }).await.unwrap();
        let stays = create(&t, &admin, NewAnnouncement { dismissible: false, ..new("stays") }).await.unwrap();
        assert_eq!(seen(&t, &alice).await, ["stays", "one"]);
        t.clock.advance(10_000);
        assert_eq!(seen(&t, &alice).await, ["later", "stays", "one"]);
        t.clock.advance(10_000);
        assert_eq!(seen(&t, &alice).await, ["stays", "one"]);

        dismiss(&t, &alice, one.id).await.unwrap();
        dismiss(&t, &alice, one.id).await.unwrap();
        assert_eq!((seen(&t, &alice).await, seen(&t, &bob).await), (vec!["stays".to_owned()], vec!["stays".to_owned(), "one".to_owned()]));
        assert_eq!(dismiss(&t, &alice, stays.id).await.unwrap_err().code, Conflict);
        assert_eq!(dismiss(&t, &alice, 999).await.unwrap_err().code, NotFound);
        assert_eq!(get(&t, &admin, one.id).await.unwrap().dismissals, 1);
        // Other times leave it put away, another text does not.
        update(&t, &admin, one.id, NewAnnouncement { ends_at: at(99), ..new("one") }).await.unwrap();
        assert_eq!(seen(&t, &alice).await, ["stays"]);
        update(&t, &admin, one.id, new("one more")).await.unwrap();
        assert_eq!(seen(&t, &alice).await, ["stays", "one more"]);
        delete(&t, &admin, one.id).await.unwrap();
        assert_eq!(seen(&t, &bob).await, ["stays"]);
        assert_eq!(delete(&t, &admin, one.id).await.unwrap_err().code, NotFound);
    }

    async fn only_administrators_write_and_only_what_makes_sense(t: TestService) {
        let (admin, alice) = (t.admin("admin").await, t.user("alice", 0).await);
        assert_eq!(create(&t, &alice, new("x")).await.unwrap_err().code, Forbidden);
        assert_eq!(list(&t, &alice, Paging::default()).await.unwrap_err().code, Forbidden);
        let field = async |new: NewAnnouncement| create(&t, &admin, new).await.unwrap_err().field.unwrap();
        assert_eq!(field(new(" ")).await, "title");
        assert_eq!(field(new("two\nlines")).await, "title");
        assert_eq!(field(NewAnnouncement { body: "x".repeat(2001), ..new("x") }).await, "body");
        assert_eq!(field(NewAnnouncement { starts_at: Some(START), ends_at: Some(START), ..new("x") }).await, "ends_at");
        assert_eq!(list(&t, &admin, Paging::default()).await.unwrap().total, 0);
    }
}
