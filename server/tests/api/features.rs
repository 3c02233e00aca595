//! The JSON names of features, which the console template of document 000 reads.

use crate::harness::App;
use insta::assert_snapshot;
use model::accounts::Scope;
use service::db_test;

db_test! {
    async fn names(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 0).await;
        let key = app.key(&user, &[Scope::TasksRead]).await;
        let list = app.get("/api/features", &key).await;
        assert_eq!(list.data().as_array().unwrap().len(), 2);
        let id = app.service.feature("song");
        let one = app.get(&format!("/api/features/{id}"), &key).await;
        assert_eq!(list.data()[0], one.data());
        assert_snapshot!(one.line(), @r#"200 {"success":true,"message":"","data":{"ID":1,"name":"文本转音乐","description":"Makes a song.","category":"music","form_schema":[{"key":"prompt","label":"Prompt","type":"text","required":true,"example":"rain"},{"key":"count","label":"","type":"number","required":false,"min":1.0,"max":4.0,"integer":true}],"result_fields":[{"label":"Audio","path":"$.audio"}],"rule_id":1,"rule_retry_count":3,"default_retries":3,"default_interval_seconds":5,"min_interval_seconds":5,"points":30,"price_kind":"per_success","billing_hint":"","endpoint":"/api/features/1/tasks"}}"#);
    }
}
