//! `apirequestweb settings`

use super::{Outcome, Problem, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use model::settings::SettingsChange;
use serde_json::{Map, Value};
use service::actor::Actor;
use service::settings;

/// Show and change what administrators set while the server runs.
#[derive(clap::Args)]
pub struct Settings {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Print all settings as JSON.
    Show(Show),
    /// Change one setting. A running server follows within two seconds.
    Set(Set),
}

#[derive(clap::Args)]
struct Show {
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Set {
    /// The setting's name, for example min_interval_seconds.
    #[arg(value_name = "NAME")]
    name: String,
    /// Its value as JSON (10, true, null, ["10.0.0.0/8:*"]); a text that is no JSON is taken as it is.
    #[arg(value_name = "VALUE")]
    value: String,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Settings {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let system = Actor::system();
        let view = match self.command {
            Action::Show(show) => settings::view(&open(&show.settings).await?, &system)?,
            Action::Set(set) => {
                let service = open(&set.settings).await?;
                let version = settings::view(&service, &system)?.version;
                let value = serde_json::from_str(&set.value).unwrap_or(Value::String(set.value));
                let change = SettingsChange { version, settings: Map::from_iter([(set.name, value)]) };
                settings::patch(&service, &system, change).await?
            }
        };
        let text = serde_json::to_string_pretty(&view.settings).map_err(|error| Problem(error.to_string()))?;
        println!("{text}");
        Ok(())
    }
}
