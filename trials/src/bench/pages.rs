//! Pages that the server renders, as a browser asks for them: with the cookie of a session.

use super::load::{self, saturate};
use super::product::{FAST, Product, TEMPLATE, user};
use super::report::Report;
use crate::Outcome;
use crate::client::Client;
use crate::figures::processor_seconds;
use crate::node::PASSWORD;
use std::time::Duration;

/// Connections that ask for pages.
const CONNECTIONS: usize = 16;
/// How long each page is asked for.
const TIME: Duration = Duration::from_secs(5);
/// Tasks of each user: more than a page shows.
const TASKS: usize = 25;

/// The pages, and what each of them must hold: a name from the database, so that a page of errors or of placeholders does not count.
/// `/` only sends people to the dashboard.
const PAGES: [(&str, &str); 2] = [("/tasks", "bench "), ("/dashboard", ">fast<")];

/// Measures it on one engine.
pub async fn run(product: &Product<'_>, report: &mut Report) -> Outcome {
    product.store.copy(TEMPLATE, "pages").await?;
    let mut node = product.node("pages", "", product.upstream)?;
    node.start().await?;
    let pid = node.pid().ok_or("the server has ended")?;
    let clients = product.clients(&node);
    let submitted = load::submit(&clients, FAST, TASKS * clients.len()).await?;
    load::ended(&clients, &submitted.tasks, "succeeded").await?;
    let visitor = Client::new(&node.url, "");
    let cookie = visitor.log_in(&user(0), PASSWORD).await?;

    report.section(&format!("{}: rendered pages, {CONNECTIONS} connections", product.store.name()));
    site(&visitor, &cookie, report).await?;
    for (path, text) in PAGES {
        for (codings, how) in [("", ""), ("br, gzip", ", compressed")] {
            let used = processor_seconds(pid).unwrap_or_default();
            let mut done = ask(&visitor, &cookie, path, codings, text).await?;
            let used = processor_seconds(pid).unwrap_or_default() - used;
            let pages = done.calls_ms.len() as f64;
            report.add(&format!("{path}{how}"), done.per_second, "pages/s");
            report.spread(&format!("{path}{how}"), &mut done.calls_ms);
            report.add(&format!("{path}{how}, one page"), done.bytes as f64 / pages, "bytes");
            report.add(&format!("{path}{how}, server's processor"), used * 1e6 / pages, "µs/page");
        }
    }
    node.stop().await?;
    product.store.remove("pages").await
}

/// Asks for a page on all connections. In one that came as it is the text is looked for; a compressed one must have less than half of its bytes.
async fn ask(visitor: &Client, cookie: &str, path: &'static str, codings: &'static str, text: &'static str) -> Outcome<load::Saturated> {
    let plain = visitor.page(path, cookie, "").await?.len();
    let (visitor, cookie) = (visitor.clone(), cookie.to_owned());
    let one = move |_| {
        let (visitor, cookie) = (visitor.clone(), cookie.clone());
        async move {
            let page = visitor.page(path, &cookie, codings).await?;
            let good =
                if codings.is_empty() { page.windows(text.len()).any(|part| part == text.as_bytes()) } else { page.len() * 2 < plain };
            if good { Ok(page.len()) } else { Err(format!("{path} came, but is not the page: {} bytes, `{text}` looked for", page.len())) }
        }
    };
    saturate(CONNECTIONS, TIME, one).await
}

/// What of the site a first page asks for, as this binary serves it. Pages are rendered without a site as well.
async fn site(visitor: &Client, cookie: &str, report: &mut Report) -> Outcome {
    let page = visitor.page(PAGES[0].0, cookie, "").await?;
    let page = String::from_utf8_lossy(&page);
    let mut files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/pkg/")).collect();
    files.sort_unstable();
    files.dedup();
    let (mut raw, mut small) = (0, 0);
    for file in files {
        match (visitor.page(file, "", "").await, visitor.page(file, "", "br").await) {
            (Ok(plain), Ok(brotli)) => {
                raw += plain.len();
                small += brotli.len();
            }
            _ => println!(
                "  {file} is not in this binary: scripts/build release makes one with the site inside. What follows is rendering alone."
            ),
        }
    }
    report.add("files of the site that a page names", raw as f64, "bytes");
    report.add("the same as a browser gets them (brotli, if made so)", small as f64, "bytes");
    Ok(())
}
