//! `apirequestweb catalog`

use super::{Outcome, Problem, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use service::actor::Actor;
use service::features::{self, CatalogProblem};
use std::path::{Path, PathBuf};

/// Rules, channels and features, as a file.
#[derive(clap::Args)]
pub struct Catalog {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make the installation as a file says: new entries are added, changed ones changed, others left alone. Applying it twice changes nothing.
    Apply(Apply),
    /// Print the catalog of the installation.
    Export(Export),
    /// List the platforms that the program knows.
    Platforms,
    /// Add a platform that the program knows: its channel, rule and feature. Afterwards give the channel its credential.
    Add(Add),
}

#[derive(clap::Args)]
struct Add {
    /// Its name, as `catalog platforms` lists it.
    name: String,
    /// Only say what would change.
    #[arg(long, env = "APIREQUESTWEB_DRY_RUN")]
    dry_run: bool,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Apply {
    /// A YAML file, or a JSON file whose name ends in .json.
    file: PathBuf,
    /// Only say what would change.
    #[arg(long, env = "APIREQUESTWEB_DRY_RUN")]
    dry_run: bool,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Export {
    /// How it is written.
    #[arg(long, env = "APIREQUESTWEB_FORMAT", default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Catalog {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        match self.command {
            Action::Apply(apply) => apply.run().await,
            Action::Export(export) => export.run().await,
            Action::Platforms => {
                features::PLATFORMS.iter().for_each(|(name, _)| println!("{name}"));
                Ok(())
            }
            Action::Add(add) => add.run().await,
        }
    }
}

impl Apply {
    async fn run(self) -> Outcome {
        let file = self.file.as_path();
        let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
        let json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let catalog = features::catalog_parse(&text, json).map_err(|problems| describe(file, &problems))?;
        apply(&self.settings, &catalog, self.dry_run).await
    }
}

impl Add {
    async fn run(self) -> Outcome {
        let text = features::platform(&self.name)
            .ok_or_else(|| format!("There is no platform `{}`; `apirequestweb catalog platforms` lists those there are.", self.name))?;
        let catalog = features::catalog_parse(text, false).map_err(|problems| describe(Path::new(&self.name), &problems))?;
        apply(&self.settings, &catalog, self.dry_run).await
    }
}

/// Makes the installation as a catalog says, and says what that changed.
async fn apply(settings: &BasicSettings, catalog: &model::catalog::Catalog, dry_run: bool) -> Outcome {
    let service = open(settings).await?;
    let report = features::catalog_apply(&service, &Actor::system(), catalog, dry_run).await?;
    let (new, changed) = if dry_run { ("would be new", "would change") } else { ("is new", "is changed") };
    report.created.iter().for_each(|entry| println!("{entry} {new}"));
    report.updated.iter().for_each(|entry| println!("{entry} {changed}"));
    println!("{} new, {} changed, {} as before.", report.created.len(), report.updated.len(), report.unchanged);
    Ok(())
}

impl Export {
    async fn run(self) -> Outcome {
        let service = open(&self.settings).await?;
        let catalog = features::catalog_export(&service, &Actor::system()).await?;
        println!("{}", features::catalog_text(&catalog, self.format == "json").trim_end());
        Ok(())
    }
}

/// One line for each problem, as compilers write them, so that editors can jump there.
fn describe(file: &Path, problems: &[CatalogProblem]) -> Problem {
    let mut text = format!("{} has {} problem(s); nothing was changed.", file.display(), problems.len());
    for problem in problems {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let place = if problem.place.is_empty() { String::new() } else { format!("{}: ", problem.place) };
        text += &format!("\n{}{line}: {place}{}", file.display(), problem.message);
    }
    Problem(text)
}
