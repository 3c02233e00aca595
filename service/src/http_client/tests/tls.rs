//! https: certificates are checked against the name, HTTP/2 is spoken where offered, and no redirect leads out of it.

use super::servers::{Canary, Table, get, patient};
use crate::http_client::{HttpClient, OutboundErrorKind, OutboundPolicy, OutboundRequest, Refusal};
use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Self-signed for `upstream.test`, made for these tests and trusted by nothing else.
const CERTIFICATE: &[u8] = include_bytes!("upstream_test_certificate.pem");
const KEY: &[u8] = include_bytes!("upstream_test_key.pem");

fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Answers with the version spoken, or a redirect to the place named in the query.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let response = match request.uri().query() {
        Some(place) => Response::builder().status(302).header("location", place).body(Full::default()),
        None if request.version() == Version::HTTP_2 => Response::builder().body(Full::from("two")),
        None => Response::builder().body(Full::from("one")),
    };
    Ok(response.unwrap())
}

async fn serving(protocols: &[&str]) -> u16 {
    let mut config = rustls::ServerConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()], PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service_fn(answer)).await;
                }
            });
        }
    });
    port
}

/// A client that trusts the test certificate.
fn trusting(port: u16) -> HttpClient {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(CERTIFICATE).unwrap()).unwrap();
    let tls = rustls::ClientConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let policy = OutboundPolicy::new(&[format!("127.0.0.1/32:{port}")], Vec::new()).unwrap();
    HttpClient::with_tls(policy, Table::all("127.0.0.1"), tls)
}

#[tokio::test]
async fn both_versions_of_http_are_spoken_over_tls() {
    for (protocols, expected) in [(&["h2", "http/1.1"][..], "two"), (&["http/1.1"][..], "one"), (&[][..], "one")] {
        let port = serving(protocols).await;
        let client = trusting(port);
        let calls = (0..20).map(|_| client.call(patient(format!("https://upstream.test:{port}/"))));
        for response in futures::future::join_all(calls).await {
            assert_eq!(response.unwrap().body, expected);
        }
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_or_from_nowhere_is_unreachable() {
    let port = serving(&[]).await;
    let policy = || OutboundPolicy::new(&[format!("127.0.0.1/32:{port}")], Vec::new()).unwrap();
    let public_roots = HttpClient::with_resolver(policy(), Table::all("127.0.0.1"));
    let cases = [
        (trusting(port), format!("https://other.test:{port}/")),
        (trusting(port), format!("https://127.0.0.1:{port}/")),
        (public_roots, format!("https://upstream.test:{port}/")),
    ];
    for (client, url) in cases {
        let error = client.call(get(&url)).await.expect_err(&url);
        assert_eq!(error.kind(), OutboundErrorKind::Unreachable, "{url}: {error}");
        assert!(!error.maybe_sent(), "{url}");
    }
}

#[tokio::test]
async fn a_peer_that_never_shakes_hands_is_unreachable_within_the_connect_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = trusting(port).call(get(format!("https://upstream.test:{port}/"))).await.unwrap_err();
    assert_eq!(error.kind(), OutboundErrorKind::Unreachable, "{error}");
    assert!(!error.maybe_sent());
}

#[tokio::test]
async fn no_redirect_leads_out_of_tls_or_inside() {
    let canary = Canary::start().await;
    let port = serving(&["h2"]).await;
    let cases = [
        (format!("http://upstream.test:{port}/"), Refusal::Downgrade),
        ("http://1.1.1.1/".to_owned(), Refusal::Downgrade),
        (format!("https://127.0.0.1:{}/", canary.port), Refusal::Address("loopback")),
        (format!("https://upstream.test:{}/", canary.port), Refusal::Address("loopback")),
    ];
    for (place, refusal) in cases {
        let request = OutboundRequest { redirects: 5, ..patient(format!("https://upstream.test:{port}/?{place}")) };
        let error = trusting(port).call(request).await.expect_err(&place);
        assert_eq!(error.kind(), OutboundErrorKind::Refused(refusal), "{place}");
        assert!(error.maybe_sent());
    }
    assert_eq!(canary.hits().await, 0);
}
