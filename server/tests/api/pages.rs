//! The console's plain forms, the way to the log-in page and back, and the policy of its pages.

use crate::harness::{App, Credential};
use service::accounts;
use service::testing::{Engine, PASSWORD, TestService};

async fn start(change: impl FnOnce(&mut service::config::Config)) -> App {
    App::new(TestService::with(Engine::Sqlite, change).await).await
}

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_run() {
    let app = start(|_| {}).await;
    let token = accounts::setup_token(&app.service);
    assert_eq!(app.get("/tasks", &Credential::None).await.location(), "/login?next=%2Ftasks");
    assert_eq!(app.get("/login", &Credential::None).await.location(), "/setup");
    assert_eq!(app.get("/setup", &Credential::None).await.status.as_u16(), 200);

    let post = |body: String| app.request("POST", "/setup").form(&body).send();
    let wrong = post(form(&[("token", "wrong"), ("username", "boss"), ("password", PASSWORD)])).await;
    assert_eq!(wrong.location(), "/setup?error=forbidden&token=wrong&username=boss");
    let weak = post(form(&[("token", &token), ("username", "boss"), ("password", "x")])).await;
    assert!(weak.location().starts_with("/setup?error=weak_password&token="), "{}", weak.location());
    assert!(!weak.location().contains("password="));
    let good = post(form(&[("token", &token), ("username", "boss"), ("password", PASSWORD)])).await;
    assert_eq!(good.location(), "/dashboard");
    let cookie = good.header("set-cookie");
    assert!(cookie.starts_with("session=") && cookie.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"), "{cookie}");
    let session = Credential::Cookie(cookie.strip_prefix("session=").unwrap().split(';').next().unwrap().to_owned());
    assert_eq!(app.get("/api/me", &session).await.data()["role"], "admin");
    let again = post(form(&[("token", &token), ("username", "two"), ("password", PASSWORD)])).await;
    assert!(again.location().starts_with("/setup?error=already_set_up"), "{}", again.location());
    assert_eq!(app.get("/setup", &Credential::None).await.location(), "/login");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_and_out() {
    let app = start(|_| {}).await;
    app.service.admin("boss").await;
    let post = |body: String| app.request("POST", "/login").form(&body).send();
    let wrong = post(form(&[("username", "boss"), ("password", "wrong"), ("next", "/tasks/7?a=b")])).await;
    assert_eq!(wrong.location(), "/login?error=wrong_credentials&next=%2Ftasks%2F7%3Fa%3Db");
    assert_eq!(wrong.header("set-cookie"), "");
    let good = post(form(&[("username", "boss"), ("password", PASSWORD), ("next", "/tasks/7?a=b")])).await;
    assert_eq!(good.location(), "/tasks/7?a=b");
    let session = Credential::Cookie(good.header("set-cookie").strip_prefix("session=").unwrap().split(';').next().unwrap().to_owned());
    let elsewhere = post(form(&[("username", "boss"), ("password", PASSWORD), ("next", "//evil.example")])).await;
    assert_eq!(elsewhere.location(), "/dashboard");
    assert_eq!(
        app.request("POST", "/login").raw("application/json", "{}").send().await.location(),
        "/login?error=unsupported_media_type&next=%2Fdashboard"
    );

    assert_eq!(app.get("/", &session).await.location(), "/dashboard");
    assert_eq!(app.get("/login?next=%2Fprofile", &session).await.location(), "/profile");
    let out = app.request("POST", "/logout").by(&session).send().await;
    assert_eq!(out.location(), "/login");
    assert!(out.header("set-cookie").starts_with("session=; Path=/; Max-Age=0; "), "{}", out.header("set-cookie"));
    assert_eq!(app.get("/api/me", &session).await.status.as_u16(), 401);
    // A dead cookie is taken back.
    assert!(app.get("/tasks", &session).await.header("set-cookie").starts_with("session=; Path=/; Max-Age=0; "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registering() {
    use model::settings::{Registration, Settings};
    let app = start(|_| {}).await;
    let boss = app.service.admin("boss").await;
    let set = async |version, registration| {
        let settings = Settings { registration, site_name: "一站".to_owned(), ..Settings::default() };
        service::settings::update(&app.service, &boss, version, settings).await.unwrap();
    };
    let post = |body: String| app.request("POST", "/register").form(&body).send();
    assert_eq!(app.get("/register", &Credential::None).await.location(), "/login");
    let closed = post(form(&[("username", "carol"), ("password", PASSWORD)])).await;
    assert_eq!(closed.location(), "/register?error=forbidden&username=carol");
    set(0, Registration::Open).await;
    let page = app.get("/register", &Credential::None).await;
    assert!(page.status.as_u16() == 200 && page.text.contains("一站"), "{}", page.text);
    assert!(app.get("/login", &Credential::None).await.text.contains("href=\"/register\""));
    let weak = post(form(&[("username", "carol"), ("password", "short")])).await;
    assert_eq!(weak.location(), "/register?error=weak_password&field=password&username=carol");
    let good = post(form(&[("username", "carol"), ("password", PASSWORD)])).await;
    assert_eq!(good.location(), "/dashboard");
    let session = Credential::Cookie(good.header("set-cookie").strip_prefix("session=").unwrap().split(';').next().unwrap().to_owned());
    assert_eq!(app.get("/api/me", &session).await.data()["role"], "user");
    assert_eq!(app.get("/register", &session).await.location(), "/dashboard");
    set(1, Registration::Invitation).await;
    let code = post(form(&[("username", "dave"), ("password", PASSWORD), ("code", "x")])).await;
    assert_eq!(code.location(), "/register?error=invalid&field=code&username=dave&code=x");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guessing_is_slowed_down() {
    let app = start(|_| {}).await;
    app.service.admin("boss").await;
    let mut last = String::new();
    for _ in 0..8 {
        let reply = app.request("POST", "/login").form(&form(&[("username", "boss"), ("password", "wrong")])).send().await;
        last = reply.location().to_owned();
    }
    assert!(last.starts_with("/login?error=rate_limited&retry_after="), "{last}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn over_https_the_cookie_belongs_to_the_host() {
    let app = start(|config| config.public_url = Some("https://api.example.com".to_owned())).await;
    app.service.admin("boss").await;
    let good = app
        .request("POST", "/login")
        .header("origin", "https://api.example.com")
        .form(&form(&[("username", "boss"), ("password", PASSWORD)]))
        .send()
        .await;
    let cookie = good.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-session=") && cookie.contains("; Path=/;") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(!cookie.to_ascii_lowercase().contains("domain="));
    assert_eq!(good.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    let token = cookie.strip_prefix("__Host-session=").unwrap().split(';').next().unwrap();
    let me = app.request("GET", "/api/me").header("cookie", &format!("__Host-session={token}")).send().await;
    assert_eq!(me.data()["username"], "boss");
    assert_eq!(app.get("/api/me", &Credential::Cookie(token.to_owned())).await.status.as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn preferences_are_cookies() {
    let app = start(|_| {}).await;
    app.service.admin("boss").await;
    let reply = app.request("POST", "/preferences").form("lang=en&theme=dark&next=%2Flogin").send().await;
    assert_eq!(reply.location(), "/login");
    let cookies: Vec<_> =
        reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().split(';').next().unwrap()).collect();
    assert_eq!(cookies, ["lang=en", "theme=dark"]);
    let reply = app.request("POST", "/preferences").form("lang=xx&theme=pink").send().await;
    assert_eq!((reply.location(), reply.header("set-cookie")), ("/dashboard", ""));
    let page = app.request("GET", "/login").header("cookie", "lang=en; theme=dark").send().await;
    assert!(page.text.contains("lang=\"en\"") && page.text.contains("data-theme=\"dark\""), "{}", &page.text[..300.min(page.text.len())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_have_a_strict_policy() {
    let app = start(|_| {}).await;
    let (_, session) = app.session("boss", 0).await;
    app.service.admin("admin").await;
    for (path, who, status) in [
        ("/login", &Credential::None, 200),
        ("/tasks", &session, 200),
        ("/nothing/here", &session, 404),
        ("/nothing", &Credential::None, 404),
    ] {
        let reply = app.get(path, who).await;
        assert_eq!(reply.status.as_u16(), status, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!((reply.header("cache-control"), reply.header("referrer-policy")), ("no-store", "same-origin"), "{path}");
        let policy = reply.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        let expected = format!(
            "default-src 'self'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'; \
             img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        );
        assert_eq!(policy, expected, "{path}");
        // Every script of the page carries the nonce, or it would not run.
        for script in reply.text.split("<script").skip(1) {
            assert!(
                script.split('>').next().unwrap().contains(&format!("nonce=\"{nonce}\"")),
                "{path}: <script{}",
                &script[..80.min(script.len())]
            );
        }
        let again = app.get(path, who).await;
        assert!(!again.header("content-security-policy").contains(nonce), "{path}: a nonce is used once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_are_compressed_for_those_who_can() {
    let app = start(|_| {}).await;
    app.service.admin("boss").await;
    let reply = app.request("GET", "/login").header("accept-encoding", "gzip").send().await;
    assert_eq!(reply.header("content-encoding"), "gzip");
}
