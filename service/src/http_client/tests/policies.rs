//! The allow-list's syntax, what it covers, and own addresses.

use super::servers::{Table, get};
use crate::http_client::{HttpClient, OutboundErrorKind, OutboundPolicy, Refusal};
use std::net::SocketAddr;

fn policy(allow: &[&str], own: &[&str]) -> OutboundPolicy {
    let own: Vec<SocketAddr> = own.iter().map(|addr| addr.parse().unwrap()).collect();
    OutboundPolicy::new(&allow.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>(), own).unwrap()
}

#[test]
fn entries_cover_what_they_say() {
    let cases = [
        ("127.0.0.1/32:4010", "http://127.0.0.1:4010/", true),
        ("127.0.0.1/32:4010", "http://2130706433:4010/", true),
        ("127.0.0.1/32:4010", "http://127.0.0.1:4011/", false),
        ("127.0.0.1/32:4010", "http://127.0.0.2:4010/", false),
        ("127.0.0.1/32:4010", "http://[::ffff:127.0.0.1]:4010/", false),
        ("127.0.0.1/32:4010", "http://[::1]:4010/", false),
        ("127.0.0.1:4010", "http://127.0.0.1:4010/", true),
        ("127.0.0.1:4010", "http://127.0.0.2:4010/", false),
        ("10.0.0.0/8:*", "https://10.1.2.3/", true),
        ("10.0.0.0/8:*", "https://11.1.2.3/", true),
        ("10.0.0.0/8:*", "http://10.255.255.255:65535/", true),
        ("10.0.0.0/8:*", "http://172.16.0.1/", false),
        ("10.0.0.0/8:443", "https://10.1.2.3/", true),
        ("10.0.0.0/8:443", "http://10.1.2.3/", false),
        ("[::1]/128:*", "http://[::1]:9/", true),
        ("[::1]/128:8080", "http://[::1]:8080/", true),
        ("[::1]/128:8080", "http://[::1]:8081/", false),
        ("[::1]:8080", "http://[0:0::0:1]:8080/", true),
        ("[fd00::]/8:443", "https://[fd12::1]/", true),
        ("[fd00::]/8:443", "https://[fc12::1]/", false),
        (" 127.0.0.1/32:25 ", "http://127.0.0.1:25/", true),
    ];
    for (entry, url, allowed) in cases {
        assert_eq!(policy(&[entry], &[]).check_url(url).is_ok(), allowed, "{entry} {url}");
    }
}

#[test]
fn entries_that_cannot_be_read_are_named() {
    let cases = [
        ("", "port is missing"),
        ("10.0.0.0/8", "port is missing"),
        ("10.0.0.0/8:", "neither a number nor *"),
        ("10.0.0.0/8:0", "neither a number nor *"),
        ("10.0.0.0/8:65536", "neither a number nor *"),
        ("10.0.0.0/8:http", "neither a number nor *"),
        ("10.0.0.0/33:80", "too long"),
        ("10.0.0.0/x:80", "not a number"),
        ("10.0.0.1/8:80", "beyond its prefix"),
        ("10.0.0:80", "cannot be read"),
        ("localhost:80", "names are not allowed"),
        ("http://10.0.0.1:80", "IPv6 address needs"),
        ("::1/128:80", "needs [ ]"),
        ("[::1/128:80", "] is missing"),
        ("[::1]/129:80", "too long"),
        ("[10.0.0.1]/32:80", "IPv6 address cannot be read"),
    ];
    for (entry, problem) in cases {
        let error = OutboundPolicy::new(&["1.2.3.4/32:*".to_owned(), entry.to_owned()], Vec::new()).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains(&format!("{entry:?}")), "{entry}: {error}");
    }
}

#[test]
fn own_addresses_are_refused_even_when_an_entry_covers_them() {
    let policy =
        policy(&["127.0.0.0/8:*", "10.0.0.0/8:*", "[::1]/128:*"], &["127.0.0.1:3000", "10.0.0.5:5432", "1.2.3.4:80", "[::1]:3000"]);
    let own = ["http://127.0.0.1:3000/", "http://10.0.0.5:5432/", "http://1.2.3.4/", "http://[::1]:3000/", "http://[64:ff9b::1.2.3.4]/"];
    for url in own {
        let error = policy.check_url(url).unwrap_err();
        assert_eq!(error.kind(), OutboundErrorKind::Refused(Refusal::OwnAddress), "{url}");
    }
    for url in ["http://127.0.0.1:3001/", "http://127.0.0.2:3000/", "http://10.0.0.5/", "https://1.2.3.4/"] {
        policy.check_url(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    }
}

#[tokio::test]
async fn listening_everywhere_means_each_address_of_the_machine() {
    for everywhere in ["0.0.0.0:3000", "[::]:3000"] {
        let policy = policy(&["127.0.0.0/8:*", "[::1]/128:*"], &[everywhere]);
        for url in ["http://127.0.0.1:3000/", "http://127.9.9.9:3000/", "http://[::1]:3000/"] {
            let error = policy.check_url(url).unwrap_err();
            assert_eq!(error.kind(), OutboundErrorKind::Refused(Refusal::OwnAddress), "{everywhere} {url}");
        }
        policy.check_url("http://127.0.0.1:3001/").unwrap();
    }
    // An address of this machine that is not loopback, where there is one: asked from the system, allowed by the list.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    if probe.connect("192.0.2.1:9").is_err() {
        return;
    }
    let ip = probe.local_addr().unwrap().ip();
    let policy = policy(&[&format!("{ip}/32:*")], &["0.0.0.0:3000"]);
    let client = HttpClient::with_resolver(policy, Table::all(&ip.to_string()));
    let error = client.call(get("http://me.example:3000/")).await.unwrap_err();
    assert_eq!(error.kind(), OutboundErrorKind::Refused(Refusal::OwnAddress), "{ip}");
    client.check("http://me.example:3001/").await.unwrap();
}
