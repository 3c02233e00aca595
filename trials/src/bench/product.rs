//! The product as the bench uses it: its catalog, its users, its processes.

use super::store::Store;
use crate::Outcome;
use crate::client::Client;
use crate::node::{Node, Settings};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Users that share the load.
pub const USERS: usize = 16;
/// The feature whose tasks call the stub.
pub const FAST: i64 = 1;
/// The feature whose calls the outbound door refuses before it opens a connection: the queue, the billing and the log without HTTP.
pub const REFUSED: i64 = 2;
/// The database that every other one is copied from: users, points and the catalog, no tasks.
pub const TEMPLATE: &str = "template";
/// The custom API that calls the stub: priced, and with a rule.
pub const RELAY: &str = "/api/relay";
/// Points of a call of it, and of a task.
pub const PRICE: i64 = 3;
/// Points of each user: far more than a bench can spend.
const POINTS: i64 = 1_000_000_000;

const CATALOG: &str = r#"
channels:
  - { name: stub, platform: stub, base_url: 'URL', max_parallel: PARALLEL }
  - { name: nowhere, platform: nowhere, base_url: 'http://127.0.0.1:8999', max_parallel: PARALLEL }
rules:
  - { name: fast, request: { url: '{{ channel.base_url }}/fast', headers: { X-Task: '{{ task.id }}' }, body: { prompt: '{{ params.prompt }}' } }, max_retries: 0 }
  - { name: refused, request: { url: '{{ channel.base_url }}/fast', headers: { X-Task: '{{ task.id }}' }, body: { prompt: '{{ params.prompt }}' } }, max_retries: 0 }
  - { name: relay, request: { url: '{{ channel.base_url }}/fast', body: { prompt: '{{ params.prompt }}' } } }
features:
  - { key: fast, name: fast, platform: stub, rule: fast, points: PRICE, price_kind: per_success, form_schema: [{ key: prompt, type: text }] }
  - { key: refused, name: refused, platform: nowhere, rule: refused, points: PRICE, price_kind: per_success, form_schema: [{ key: prompt, type: text }] }
custom_apis:
  - { key: relay, name: relay, path: 'RELAY', platform: stub, rule: relay, points_cost: PRICE, form_schema: [{ key: prompt, type: text }] }
"#;

/// The release binary with a database that has users and a catalog.
pub struct Product<'a> {
    /// The server's binary.
    pub binary: &'a Path,
    /// Where its databases are.
    pub store: &'a Store,
    /// Where nodes have their folders.
    pub folder: PathBuf,
    /// Where the stub listens.
    pub upstream: SocketAddr,
    /// Calls at the same time.
    pub parallel: usize,
    /// A key of each user.
    pub keys: Vec<String>,
}

impl<'a> Product<'a> {
    /// Makes the template database.
    pub async fn prepare(binary: &'a Path, store: &'a Store, folder: &Path, upstream: SocketAddr, parallel: usize) -> Outcome<Self> {
        store.make(TEMPLATE).await?;
        let folder = folder.join(store.name().to_lowercase());
        let mut product = Product { binary, store, folder, upstream, parallel, keys: Vec::new() };
        let node = product.node(TEMPLATE, "", upstream)?;
        for number in 0..USERS {
            product.keys.push(node.user(&user(number), POINTS).await?);
        }
        node.catalog(&product.catalog(upstream)).await?;
        store.settle(TEMPLATE).await?;
        Ok(product)
    }

    /// The catalog with an upstream.
    pub fn catalog(&self, upstream: SocketAddr) -> String {
        let words = [
            ("URL", format!("http://{upstream}")),
            ("PARALLEL", self.parallel.to_string()),
            ("PRICE", PRICE.to_string()),
            ("RELAY", RELAY.to_owned()),
        ];
        words.iter().fold(CATALOG.to_owned(), |text, (word, value)| text.replace(word, value))
    }

    /// A node on a database, not yet running.
    pub fn node(&self, database: &str, engine: &str, upstream: SocketAddr) -> Outcome<Node> {
        self.wrapped(self.binary, database, engine, upstream)
    }

    /// Like [`Product::node`], with another program in place of the binary that runs it in the end.
    pub fn wrapped(&self, binary: &Path, database: &str, engine: &str, upstream: SocketAddr) -> Outcome<Node> {
        let url = self.store.url(database);
        Node::new(binary, &self.folder.join(database), &Settings { database: &url, upstream, engine })
    }

    /// A client of a node for each user.
    pub fn clients(&self, node: &Node) -> Vec<Client> {
        self.keys.iter().map(|key| Client::new(&node.url, key)).collect()
    }
}

/// The name of a user.
pub fn user(number: usize) -> String {
    format!("load{number}")
}
