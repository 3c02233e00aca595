//! Who may call what: every server function and every endpoint, called by everybody, compared with [`table`].

mod callers;
mod table;
mod world;

use crate::harness::Credential;
use callers::Expected::{Entry, Nothing, Refusal};
use callers::{Caller, callers_of_endpoint, callers_of_function};
use server::router::{Access, ROUTES, Route};
use service::db_test;
use service::testing::{Engine, TestService};
use std::collections::BTreeSet;
use table::{ENDPOINTS, FUNCTIONS, PAGES};
use world::{Target, World};

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Everybody who is logged in.
    Session,
    /// Whom the thing belongs to. For others, administrators included, it does not exist.
    Owner,
    /// Everybody who is logged in; what belongs to others is answered one by one as what does not exist.
    Each,
    /// Administrators.
    Admin,
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// Who may call it.
    pub may: May,
    /// What is sent.
    pub body: &'static str,
    /// Status and error code for those who may.
    pub answer: (u16, &'static str),
}

/// Calls a row as everybody, first as those who are refused, then as those who get in; what is not as expected.
async fn compare(world: &World, row: &Row, callers: Vec<Caller<'_>>) -> Vec<String> {
    let name = format!("{} {}", row.method, row.path);
    let mut wrong = Vec::new();
    let (target, nothing) = (world.target(row).await, world.missing(row).await);
    let before = world.owned().await;
    for caller in &callers {
        match caller.expected {
            Entry => {}
            Refusal(wanted, why) => {
                // A refusal does not tell whether the thing exists.
                for target in [&target, &nothing] {
                    let (status, code, _) = caller.call(world, target).await;
                    if (status, code.as_str()) != (wanted, why) {
                        wrong.push(format!("{name} as {}: {status} {code}, not {wanted} {why}", caller.name));
                    }
                }
            }
            Nothing => {
                let (status, code, text) = caller.call(world, &target).await;
                let text = text.replace(&format!("\"id\":{}", target.number), &format!("\"id\":{}", nothing.number));
                let of_nothing = caller.call(world, &nothing).await;
                let wanted = match row.may {
                    May::Owner if row.path.starts_with("/suno/") => (400, "task_not_exist"),
                    May::Owner => (404, "not_found"),
                    _ => (200, ""),
                };
                if (status, code.as_str()) != wanted || (status, code, text.clone()) != of_nothing {
                    wrong.push(format!("{name} as {}: {status} {text}, not as of nothing: {} {}", caller.name, of_nothing.0, of_nothing.2));
                }
            }
        }
    }
    if world.owned().await != before {
        wrong.push(format!("{name}: those who were refused changed what the owner has"));
    }
    // The first of them meets the very thing that all others were refused.
    let mut target = Some(target);
    for caller in callers.iter().filter(|caller| matches!(caller.expected, Entry)) {
        let target = match target.take() {
            Some(target) => target,
            None => world.target(row).await,
        };
        let (status, code, text) = caller.call(world, &target).await;
        if (status, code.as_str()) != row.answer {
            wrong.push(format!("{name} as {}: {status} {text}, not {:?}", caller.name, row.answer));
        }
    }
    // It answers 200 to everybody, so that the owner got in shows only in what became of it.
    if row.may == May::Each && world.owned().await == before {
        wrong.push(format!("{name}: nothing became of what the owner asked for"));
    }
    wrong
}

/// The path of a row as the router knows it.
fn pattern(row: &Row) -> String {
    let part = |part: &str| match part {
        "$batch" => "{batch}".to_owned(),
        "$action" => "{action}".to_owned(),
        part if part.starts_with('$') => "{id}".to_owned(),
        part => part.to_owned(),
    };
    format!("{} {}", row.method, row.path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

fn route_of(row: &Row) -> &'static Route {
    ROUTES
        .iter()
        .find(|route| format!("{} {}", route.method, route.path) == pattern(row))
        .unwrap_or_else(|| panic!("no route {}", pattern(row)))
}

fn assert_same(found: &BTreeSet<String>, rows: &BTreeSet<String>) {
    let difference = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>().join(", ");
    let (without, of_nothing) = (difference(found, rows), difference(rows, found));
    assert!(without.is_empty() && of_nothing.is_empty(), "without a row: {without}\nrows of nothing: {of_nothing}");
}

#[test]
fn every_server_function_has_a_row() {
    let found = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}"));
    let rows = FUNCTIONS.iter().map(|row| format!("POST /_fn/app/api/{}", row.path));
    assert_same(&found.collect(), &rows.collect());
}

#[test]
fn every_endpoint_and_every_page_of_somebody_has_a_row() {
    let name = |route: &Route| format!("{} {}", route.method, route.path);
    let endpoints =
        ROUTES.iter().filter(|route| matches!(route.access, Access::Caller | Access::Scope(_) | Access::Session | Access::Admin));
    assert_same(&endpoints.map(name).collect(), &ENDPOINTS.iter().map(pattern).collect());
    let pages = ROUTES.iter().filter(|route| route.access == Access::Page && route.path.contains("{id}"));
    assert_same(&pages.map(name).collect(), &PAGES.iter().map(pattern).collect());
    for row in ENDPOINTS {
        assert_eq!(row.may == May::Admin, route_of(row).access == Access::Admin, "{} {}", row.method, row.path);
    }
}

db_test! {
    async fn server_functions(t: TestService) {
        let world = World::new(t).await;
        let mut wrong = Vec::new();
        for row in FUNCTIONS {
            wrong.extend(compare(&world, row, callers_of_function(&world, row)).await);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn endpoints(t: TestService) {
        let world = World::new(t).await;
        let mut wrong = Vec::new();
        for row in ENDPOINTS {
            wrong.extend(compare(&world, row, callers_of_endpoint(&world, row, route_of(row).access)).await);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// A page about a thing of somebody else is the page about nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages() {
    let world = World::new(TestService::start(Engine::Sqlite).await).await;
    for row in PAGES {
        let target = world.target(row).await;
        let status = async |target: &Target, who| target.request(&world.app).by(who).send().await.status.as_u16();
        for who in [&world.other, &world.admin] {
            assert_eq!(status(&target, who).await, 404, "{}", row.path);
        }
        assert_eq!(status(&world.missing(row).await, &world.owner).await, 404, "{}", row.path);
        assert_eq!(status(&target, &world.owner).await, 200, "{}", row.path);
        for who in [&Credential::None, &world.expired, &world.admin_key] {
            let reply = target.request(&world.app).by(who).send().await;
            assert!(reply.location().starts_with("/login?next=%2F"), "{}: {}", row.path, reply.location());
        }
    }
}
