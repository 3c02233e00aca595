//! `apirequestweb user`

use super::{Outcome, Problem, open};
use crate::config::BasicSettings;
use clap::{ArgGroup, Subcommand};
use model::accounts::Role;
use service::accounts;
use service::actor::Actor;
use std::io::{BufRead, IsTerminal, Write};
use std::process::Command;

/// Make and list users, set passwords and roles, keep users out.
#[derive(clap::Args)]
pub struct User {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a user. Without --password-stdin or --password, the password is asked for.
    Create(Create),
    /// List all users.
    List(List),
    /// Set a user's password and end their sessions.
    SetPassword(SetPassword),
    /// Switch off the two-step verification of a user who lost the app and the recovery codes.
    ResetTotp(ResetTotp),
    /// Keep a user out: end their sessions and refuse their keys.
    Disable(Access),
    /// Let a user in again.
    Enable(Access),
    /// Make a user an administrator, or an administrator a user.
    SetRole(SetRole),
}

/// A user by name, given either way.
#[derive(clap::Args)]
#[command(group = ArgGroup::new("who").required(true))]
struct Who {
    /// The user's name.
    #[arg(group = "who", value_name = "USERNAME")]
    name: Option<String>,
    /// The user's name, as an option.
    #[arg(long = "user", env = "APIREQUESTWEB_USER", group = "who", value_name = "USERNAME")]
    user: Option<String>,
}

impl Who {
    fn name(&self) -> &str {
        self.name.as_deref().or(self.user.as_deref()).unwrap_or_default()
    }
}

#[derive(clap::Args)]
struct Password {
    /// Read the password from the first line of the standard input.
    #[arg(long, env = "APIREQUESTWEB_PASSWORD_STDIN", conflicts_with = "password")]
    password_stdin: bool,
    /// The password. Others on this machine can see it while the command runs.
    #[arg(long, env = "APIREQUESTWEB_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

#[derive(clap::Args)]
struct Create {
    #[command(flatten)]
    who: Who,
    /// What the user may do.
    #[arg(long, env = "APIREQUESTWEB_ROLE", default_value = "user", value_parser = ["user", "admin"])]
    role: String,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct SetPassword {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct ResetTotp {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Access {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct SetRole {
    #[command(flatten)]
    who: Who,
    /// What the user may do.
    #[arg(long, env = "APIREQUESTWEB_ROLE", value_parser = ["user", "admin"])]
    role: String,
    #[command(flatten)]
    settings: BasicSettings,
}

impl User {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        match self.command {
            Action::Create(create) => {
                let service = open(&create.settings).await?;
                let password = create.password.read()?;
                let role = Role::parse(&create.role).unwrap_or_default();
                let id = accounts::create_user(&service, &Actor::system(), create.who.name(), &password, role).await?;
                println!("User {} has the number {id} and the role {}.", create.who.name(), role.as_str());
            }
            Action::List(list) => {
                let service = open(&list.settings).await?;
                println!("{:>6}  {:<32} {:<6} {:<8} {:>12} {:>12}", "id", "username", "role", "enabled", "available", "held");
                for user in accounts::users(&service, &Actor::system()).await? {
                    let (balance, enabled) = (user.balance, if user.enabled { "yes" } else { "no" });
                    println!(
                        "{:>6}  {:<32} {:<6} {:<8} {:>12} {:>12}",
                        user.id,
                        user.username,
                        user.role.as_str(),
                        enabled,
                        balance.available,
                        balance.held
                    );
                }
            }
            Action::SetPassword(set) => {
                let service = open(&set.settings).await?;
                let password = set.password.read()?;
                accounts::set_password(&service, &Actor::system(), set.who.name(), &password).await?;
                println!("The password of {} is set; their sessions are ended.", set.who.name());
            }
            Action::ResetTotp(reset) => {
                let service = open(&reset.settings).await?;
                let id = accounts::user_id(&service, reset.who.name()).await?;
                accounts::reset_totp(&service, &Actor::system(), id).await?;
                println!("{} logs in with the password alone from now on.", reset.who.name());
            }
            Action::Disable(access) => {
                let service = open(&access.settings).await?;
                accounts::set_enabled(&service, &Actor::system(), access.who.name(), false).await?;
                println!("{} is kept out; their sessions are ended and their keys are refused.", access.who.name());
            }
            Action::Enable(access) => {
                let service = open(&access.settings).await?;
                accounts::set_enabled(&service, &Actor::system(), access.who.name(), true).await?;
                println!("{} may log in.", access.who.name());
            }
            Action::SetRole(set) => {
                let service = open(&set.settings).await?;
                let role = Role::parse(&set.role).unwrap_or_default();
                accounts::set_role(&service, &Actor::system(), set.who.name(), role).await?;
                println!("{} has the role {}.", set.who.name(), role.as_str());
            }
        }
        Ok(())
    }
}

impl Password {
    fn read(&self) -> Result<String, Problem> {
        if let Some(password) = &self.password {
            return Ok(password.clone());
        }
        let stdin = std::io::stdin();
        if self.password_stdin {
            return line(&mut stdin.lock());
        }
        if !stdin.is_terminal() {
            return Err(Problem("Give the password on the standard input with --password-stdin.".to_owned()));
        }
        let first = ask("Password: ")?;
        if first == ask("Again: ")? { Ok(first) } else { Err(Problem("The two passwords are not the same.".to_owned())) }
    }
}

fn line(input: &mut impl BufRead) -> Result<String, Problem> {
    let mut text = String::new();
    input.read_line(&mut text).map_err(|error| Problem(format!("The password cannot be read: {error}.")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks on the terminal without showing what is typed, where the terminal can do that.
fn ask(question: &str) -> Result<String, Problem> {
    eprint!("{question}");
    // Nothing depends on the question having been seen.
    let _ = std::io::stderr().flush();
    let hidden = Command::new("stty").arg("-echo").status().is_ok_and(|status| status.success());
    let answer = line(&mut std::io::stdin().lock());
    if hidden {
        let _ = Command::new("stty").arg("echo").status();
        eprintln!();
    }
    answer
}
