//! `apirequestweb key`

use super::{Outcome, Problem, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use model::accounts::{NewKey, Scope};
use model::time::Timestamp;
use service::accounts;

/// Make API keys.
#[derive(clap::Args)]
pub struct Key {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a key and print it: the only time that it is shown.
    Create(Create),
}

#[derive(clap::Args)]
struct Create {
    /// Whose key it is.
    #[arg(long, env = "APIREQUESTWEB_USER", value_name = "USERNAME")]
    user: String,
    /// What it may be used for; may be given several times.
    #[arg(
        long,
        env = "APIREQUESTWEB_SCOPE",
        value_name = "SCOPE",
        required = true,
        value_delimiter = ',',
        value_parser = ["tasks:read", "tasks:write", "account", "admin"]
    )]
    scope: Vec<String>,
    /// A name for people.
    #[arg(long, env = "APIREQUESTWEB_NAME", default_value = "command line")]
    name: String,
    /// When it stops working, such as 2030-01-31T00:00:00Z; never unless given.
    #[arg(long, env = "APIREQUESTWEB_EXPIRES", value_name = "TIME")]
    expires: Option<String>,
    /// An address or network that may use it; may be given several times. All may, unless given.
    #[arg(long, env = "APIREQUESTWEB_ALLOW_ADDRESS", value_name = "ADDRESS", value_delimiter = ',')]
    allow_address: Vec<String>,
    /// Refuse the key in addresses (?api_key=).
    #[arg(long, env = "APIREQUESTWEB_NO_QUERY")]
    no_query: bool,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Key {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let Action::Create(create) = self.command;
        let expires_at = match &create.expires {
            Some(text) => {
                Some(Timestamp::parse(text).ok_or_else(|| Problem(format!("`{text}` is not a time such as 2030-01-31T00:00:00Z.")))?)
            }
            None => None,
        };
        let new = NewKey {
            name: create.name.clone(),
            scopes: create.scope.iter().filter_map(|word| Scope::parse(word)).collect(),
            expires_at,
            allowed_addresses: create.allow_address.clone(),
            allow_query: create.no_query.then_some(false),
        };
        let service = open(&create.settings).await?;
        let owner = accounts::acting_for(&service, &create.user).await?;
        let created = accounts::create_key(&service, &owner, new).await?;
        // The key alone on the standard output, for scripts.
        println!("{}", created.secret);
        eprintln!("This is key {} of {}. It is not shown again.", created.key.id, create.user);
        Ok(())
    }
}
