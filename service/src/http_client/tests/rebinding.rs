//! Resolvers that lie: answers that change, answers that mix, answers that never come.

use super::servers::{Canary, Table, answering, client_with, get, ok, patient};
use crate::http_client::{HttpClient, OutboundErrorKind, OutboundPolicy, Refusal, Resolve, ResolveError};
use futures::future::BoxFuture;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn refused(kind: OutboundErrorKind) -> bool {
    matches!(kind, OutboundErrorKind::Refused(Refusal::Address(_)))
}

#[tokio::test]
async fn a_name_that_was_public_when_checked_is_judged_again_when_connected() {
    let canary = Canary::start().await;
    let table = Table::new(&[("rebind.example", &[&["1.1.1.1"], &["127.0.0.1"]])]);
    let client = client_with(&[], table);
    let url = format!("http://rebind.example:{}/", canary.port);
    let checked = client.check(&url).await.unwrap();
    assert_eq!(checked.addrs()[0].ip(), "1.1.1.1".parse::<IpAddr>().unwrap());
    let error = client.call(get(&url)).await.unwrap_err();
    assert!(refused(error.kind()), "{error}");
    assert_eq!(canary.hits().await, 0);
}

#[tokio::test]
async fn each_new_connection_is_judged_anew() {
    let server = answering(|_| ok("connection: close\r\n", b"first")).await;
    let table = Table::new(&[("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"], &["::1"], &["169.254.169.254"]])]);
    let client = client_with(&[server.port], table.clone());
    let url = format!("http://rebind.example:{}/", server.port);
    assert_eq!(client.call(patient(&url)).await.unwrap().body, "first");
    for _ in 0..3 {
        let error = client.call(get(&url)).await.unwrap_err();
        assert!(refused(error.kind()), "{error}");
    }
    assert_eq!(table.asked.load(Ordering::SeqCst), 4);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn one_connection_is_resolved_once_and_reused() {
    let server = answering(|_| ok("", b"x")).await;
    let table = Table::new(&[("steady.example", &[&["127.0.0.1"], &["127.0.0.2"]])]);
    let client = client_with(&[server.port], table.clone());
    for _ in 0..20 {
        client.call(patient(format!("http://steady.example:{}/", server.port))).await.unwrap();
    }
    assert_eq!(table.asked.load(Ordering::SeqCst), 1);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn one_forbidden_address_refuses_the_whole_answer() {
    let canary = Canary::start().await;
    let answers: &[&[&str]] = &[
        &["1.1.1.1", "127.0.0.1"],
        &["127.0.0.1", "1.1.1.1"],
        &["1.1.1.1", "8.8.8.8", "::1"],
        &["2606:4700:4700::1111", "10.0.0.1"],
        &["1.1.1.1", "64:ff9b::7f00:1"],
        &["1.1.1.1", "::ffff:127.0.0.1"],
    ];
    for answer in answers {
        let client = client_with(&[], Table::new(&[("mixed.example", &[answer])]));
        let error = client.call(get(format!("http://mixed.example:{}/", canary.port))).await.unwrap_err();
        assert!(refused(error.kind()), "{answer:?}: {error}");
    }
    assert_eq!(canary.hits().await, 0);
}

/// `localhost` is two addresses; who allowed one of them by name meant that one.
#[tokio::test]
async fn an_address_that_is_allowed_by_name_is_taken_without_the_others() {
    let server = answering(|_| ok("", b"x")).await;
    let local: &[&[&str]] = &[&["::1", "127.0.0.1"]];
    let client = client_with(&[server.port], Table::new(&[("local.example", local)]));
    client.call(patient(format!("http://local.example:{}/", server.port))).await.unwrap();
    let client = client_with(&[], Table::new(&[("local.example", local)]));
    let error = client.call(patient(format!("http://local.example:{}/", server.port))).await.unwrap_err();
    assert!(refused(error.kind()), "{error}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

/// A resolver that never answers.
struct Dead;

impl Resolve for Dead {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, ResolveError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn dead_and_empty_resolvers_are_unreachable() {
    let dead = HttpClient::with_resolver(OutboundPolicy::default(), Arc::new(Dead));
    let empty = client_with(&[], Table::new(&[("empty.example", &[&[]])]));
    for (client, url) in [(dead, "http://dead.example/"), (empty, "http://empty.example/")] {
        let error = client.call(get(url)).await.unwrap_err();
        assert_eq!(error.kind(), OutboundErrorKind::Unreachable, "{error}");
        assert!(!error.maybe_sent());
    }
}
