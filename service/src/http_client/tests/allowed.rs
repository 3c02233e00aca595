//! Legitimate targets pass the judgement (nothing is connected to), and errors tell users nothing about networks.

use super::hosts::{PUBLIC_V4, PUBLIC_V6};
use super::servers::{Canary, Table, client, client_with, get};
use crate::http_client::OutboundErrorKind;

#[tokio::test]
async fn public_addresses_pass_as_literals_and_behind_names() {
    let mut judged = 0;
    for address in PUBLIC_V4.iter().chain(PUBLIC_V6) {
        let host = if address.contains(':') { format!("[{address}]") } else { (*address).to_owned() };
        let client = client_with(&[], Table::all(address));
        for url in [format!("http://{host}/"), format!("https://{host}:8443/a?b=c"), "https://api.example/v1".to_owned()] {
            client.check_url(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
            let target = client.check(&url).await.unwrap_or_else(|error| panic!("{url} ({address}): {error}"));
            assert_eq!(target.addrs()[0].ip(), address.parse::<std::net::IpAddr>().unwrap(), "{url}");
            judged += 1;
        }
    }
    assert!(judged >= 100, "only {judged}");
}

#[tokio::test]
async fn ordinary_urls_pass() {
    let client = client_with(&[], Table::all("1.1.1.1"));
    let urls = [
        "http://example.com",
        "https://example.com/",
        "HTTPS://EXAMPLE.COM/Path",
        "https://example.com.:443/",
        "https://example.com:8443/x",
        "http://example.com:8080/a/b?c=d&e=f#part",
        "https://api.example.com/v1/tasks/1f%20?x={y}|z",
        "https://bücher.example/größe",
        "https://例え.テスト/",
        "https://xn--bcher-kva.example/",
        "https://under_score.example/",
        "https://a-b.example/[1]/'x'/^",
        "http://134744072/",
        "http://0x08.8.8.8/",
        "http://8.8.8.8.:80/",
        "https://127.example.com/",
        "https://10.0.0.1.example.com/",
        "https://localhost.example.com/",
    ];
    for url in urls {
        let target = client.check(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert!(!target.addrs().is_empty());
    }
}

#[tokio::test]
async fn ipv4_goes_first_and_doubles_are_dropped() {
    let table = Table::new(&[("dual.example", &[&["2606:4700:4700::1111", "1.1.1.1", "1.1.1.1"]])]);
    let target = client_with(&[], table).check("https://dual.example/x#y").await.unwrap();
    let addrs: Vec<String> = target.addrs().iter().map(ToString::to_string).collect();
    assert_eq!(addrs, ["1.1.1.1:443", "[2606:4700:4700::1111]:443"]);
    assert_eq!(target.url().as_str(), "https://dual.example/x");
}

#[tokio::test]
async fn users_cannot_tell_refused_from_unreachable() {
    let canary = Canary::start().await;
    let refused = client(&[]).call(get(format!("http://127.0.0.1:{}/", canary.port))).await.unwrap_err();
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let unreachable = client(&[closed]).call(get(format!("http://127.0.0.1:{closed}/"))).await.unwrap_err();
    let nameless = client_with(&[], Table::new(&[])).call(get("http://nowhere.example/")).await.unwrap_err();
    assert!(matches!(refused.kind(), OutboundErrorKind::Refused(_)));
    for error in [&unreachable, &nameless] {
        assert_eq!(error.kind(), OutboundErrorKind::Unreachable, "{error}");
        assert_eq!(error.public_message(), refused.public_message());
        assert_eq!(error.code(), refused.code());
        assert!(!error.maybe_sent() && error.is_retryable(), "{error}");
    }
}
