//! Forbidden targets in every spelling: refused through the public door, and nothing is connected to.

use super::hosts::{FORBIDDEN_V4, FORBIDDEN_V6};
use super::servers::{Canary, Table, answering, client, client_with, get, ok, patient};
use super::spellings::{holding_v4, of_v4, of_v6};
use crate::http_client::{HttpClient, OutboundErrorKind, OutboundRequest, Refusal};
use std::collections::BTreeSet;

fn is_refused(kind: OutboundErrorKind) -> bool {
    matches!(kind, OutboundErrorKind::Refused(Refusal::Address(_)))
}

/// Calls each URL and wants each refused for its address, for certain not sent, at once and without a connection.
async fn all_refused(client: &HttpClient, urls: &BTreeSet<String>, canary: &Canary) {
    for url in urls {
        let error = client.call(get(url)).await.expect_err(url);
        assert!(is_refused(error.kind()), "{url}: {error}");
        assert!(!error.maybe_sent() && !error.is_retryable(), "{url}: {error}");
        assert!(client.check_url(url).is_err(), "{url} passes at definition time");
    }
    assert_eq!(canary.hits().await, 0);
}

#[tokio::test]
async fn each_spelling_of_each_forbidden_ipv4_address() {
    let canary = Canary::start().await;
    let port = canary.port;
    let hosts = FORBIDDEN_V4.iter().flat_map(|ip| of_v4(ip));
    let urls: BTreeSet<String> = hosts.map(|host| format!("http://{host}:{port}/")).collect();
    assert!(urls.len() >= 700, "only {} spellings", urls.len());
    all_refused(&client(&[]), &urls, &canary).await;
}

#[tokio::test]
async fn each_ipv6_address_that_holds_a_forbidden_ipv4_address() {
    let canary = Canary::start().await;
    let port = canary.port;
    let addresses = FORBIDDEN_V4.iter().flat_map(|ip| holding_v4(ip));
    let urls: BTreeSet<String> = addresses.flat_map(of_v6).map(|host| format!("http://{host}:{port}/")).collect();
    assert!(urls.len() >= 1500, "only {} spellings", urls.len());
    all_refused(&client(&[]), &urls, &canary).await;
}

#[tokio::test]
async fn each_forbidden_ipv6_address_on_both_schemes() {
    let canary = Canary::start().await;
    let port = canary.port;
    let hosts = FORBIDDEN_V6.iter().flat_map(|ip| of_v6(ip.parse().unwrap()));
    let urls: BTreeSet<String> =
        hosts.flat_map(|host| ["http", "HTTPS"].map(|scheme| format!("{scheme}://{host}:{port}/path?query"))).collect();
    assert!(urls.len() >= 200, "only {} spellings", urls.len());
    all_refused(&client(&[]), &urls, &canary).await;
}

#[tokio::test]
async fn odd_punctuation_around_the_host() {
    let canary = Canary::start().await;
    let port = canary.port;
    let forms = [
        "http:\\\\{}\\",
        "http:/{}/",
        "http:{}",
        "http:////{}",
        " http://{} ",
        "ht\ntp://{}",
        "http://{}#@example.com/",
        "http://{}?@example.com",
        "http://{}\\@example.com/",
    ];
    let hosts = ["127.0.0.1", "0", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"];
    let urls = hosts.iter().flat_map(|host| forms.map(|form| form.replace("{}", &format!("{host}:{port}")))).collect();
    all_refused(&client(&[]), &urls, &canary).await;
}

#[tokio::test]
async fn each_name_that_resolves_to_a_forbidden_address() {
    let canary = Canary::start().await;
    let v6_of_v4 = FORBIDDEN_V4.iter().flat_map(|ip| holding_v4(ip)).map(|ip| ip.to_string());
    let addresses = FORBIDDEN_V4.iter().chain(FORBIDDEN_V6).map(|ip| (*ip).to_owned()).chain(v6_of_v4);
    for address in addresses {
        let client = client_with(&[], Table::all(&address));
        for host in ["localhost", "innocent.example"] {
            let error = client.call(get(format!("http://{host}:{}/", canary.port))).await.expect_err(&address);
            assert!(is_refused(error.kind()), "{address}: {error}");
            assert!(!error.maybe_sent());
        }
    }
    assert_eq!(canary.hits().await, 0);
}

#[tokio::test]
async fn each_spelling_of_localhost_is_judged_by_its_address() {
    let canary = Canary::start().await;
    let client = client_with(&[], Table::all("127.0.0.1"));
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "local%68ost",
        "localhost.localdomain",
        "127.0.0.1.nip.example",
    ] {
        let error = client.call(get(format!("http://{host}:{}/", canary.port))).await.expect_err(host);
        assert!(is_refused(error.kind()), "{host}: {error}");
    }
    assert_eq!(canary.hits().await, 0);
}

#[tokio::test]
async fn what_is_not_a_plain_http_url_is_invalid() {
    let server = answering(|_| ok("", b"")).await;
    let client = server.client();
    let port = server.port;
    let urls = [
        String::new(),
        "/path".into(),
        "127.0.0.1".into(),
        "//127.0.0.1/".into(),
        "http://".into(),
        "http:///".into(),
        "http://:80/".into(),
        format!("ftp://127.0.0.1:{port}/"),
        format!("ws://127.0.0.1:{port}/"),
        format!("gopher://127.0.0.1:{port}/_GET"),
        "file:///etc/passwd".into(),
        "unix:/run/service.socket".into(),
        "data:text/plain,x".into(),
        "javascript:alert(1)".into(),
        format!("http://user@127.0.0.1:{port}/"),
        format!("http://user:word@127.0.0.1:{port}/"),
        format!("http://:word@127.0.0.1:{port}/"),
        format!("http://example.com:80@127.0.0.1:{port}/"),
        format!("http://[fe80::1%25eth0]:{port}/"),
        format!("http://[fe80::1%eth0]:{port}/"),
        format!("http://[::1%lo]:{port}/"),
        "http://[::1/".into(),
        "http://[127.0.0.1]/".into(),
        "http://127.0.0.256/".into(),
        "http://1.2.3.4.5/".into(),
        "http://0x100000000/".into(),
        "http://a b/".into(),
        "http://127.0.0.1:99999/".into(),
        "http://127.0.0.1:port/".into(),
        format!("http://{}/", "a.".repeat(127) + "aa"),
        format!("http://127.0.0.1:{port}/{}", "a".repeat(20_000)),
    ];
    for url in urls {
        let error = client.call(get(&url)).await.expect_err(&url);
        assert!(matches!(error.kind(), OutboundErrorKind::Invalid(_)), "{url}: {error}");
        assert!(!error.maybe_sent() && !error.is_retryable(), "{url}");
    }
    for method in ["CONNECT", "TRACE"] {
        let request = OutboundRequest { method: method.parse().unwrap(), ..get(server.url("/")) };
        assert!(matches!(client.call(request).await.unwrap_err().kind(), OutboundErrorKind::Invalid(_)));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn ports_of_other_protocols_are_refused() {
    let client = client_with(&[], Table::all("1.1.1.1"));
    for port in [0, 22, 25, 110, 143, 465, 587, 993, 6000, 6667, 10080] {
        for host in ["1.1.1.1", "mail.example"] {
            let error = client.call(get(format!("http://{host}:{port}/"))).await.unwrap_err();
            assert_eq!(error.kind(), OutboundErrorKind::Refused(Refusal::Port), "{host}:{port}");
        }
    }
}

/// The same door does reach the canary when it is allowed to: the zeros above mean something.
#[tokio::test]
async fn the_canary_counts_when_it_is_allowed() {
    let canary = Canary::start().await;
    let client = client(&[canary.port]);
    let hosts: BTreeSet<String> = of_v4("127.0.0.1").into_iter().chain(["localhost".to_owned()]).collect();
    for host in &hosts {
        let response = client.call(patient(format!("http://{host}:{}/", canary.port))).await.expect(host);
        assert_eq!((response.status, &response.body[..]), (200, &b"secret"[..]), "{host}");
    }
    assert_eq!(canary.hits().await, hosts.len());
}
