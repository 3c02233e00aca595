//! What a list is narrowed to, with one condition in the lead.

use super::{COUNT_LIMIT, Counters, SEARCH_WINDOW};
use crate::actor::Actor;
use crate::db::{Query, Sql, Value, query};
use crate::service::Service;
use model::tasks::{TaskFilter, TaskStatus};
use model::{Error, Result};

/// A status that fewer tasks than this have leads before any other condition.
const FEW: i64 = if cfg!(test) { 8 } else { 10_000 };

/// Which index finds the tasks of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// All of a user's tasks by their numbers.
    Seq,
    /// By time of submission.
    Created,
    /// The living ones.
    Living,
    /// By ended status.
    Status,
    /// By feature.
    Feature,
    /// By category.
    Category,
}

/// Conditions on `tasks t`, joined with `queue q` where only living tasks match.
pub(super) struct Conditions {
    pub lead: Lead,
    /// States of the queue, where only living tasks match.
    states: Option<&'static str>,
    terms: Vec<Term>,
    args: Vec<Value>,
    /// Whether a list of numbers finds the tasks: then no index of the user's tasks may lead.
    by_number: bool,
}

/// One condition: as an index can serve it, and so that none can.
struct Term {
    plain: String,
    hidden: String,
    lead: Option<Lead>,
}

impl Conditions {
    pub async fn of(service: &Service, actor: &Actor, filter: &TaskFilter, counters: &Counters) -> Result<Self> {
        let mut conditions =
            Conditions { lead: Lead::Seq, states: None, terms: Vec::new(), args: vec![actor.user_id.into()], by_number: false };
        conditions.states = filter.status.and_then(queue_states);
        let text = |column: &str| (format!("t.{column} ="), format!("t.{column} || '' ="));
        if let (Some(status), None) = (filter.status, conditions.states) {
            conditions.add(text("status"), status.as_str(), Some(Lead::Status));
        }
        if let Some(feature) = filter.feature_id {
            conditions.add(("t.feature_id =".to_owned(), "t.feature_id + 0 =".to_owned()), feature, Some(Lead::Feature));
        }
        if let Some(category) = &filter.category {
            conditions.add(text("category"), category, Some(Lead::Category));
        }
        for (sign, time) in [(">=", filter.start), ("<", filter.end)] {
            if let Some(time) = time {
                conditions.add((format!("t.created_at {sign}"), format!("t.created_at + 0 {sign}")), time, Some(Lead::Created));
            }
        }
        conditions.lead = conditions.choose(filter, counters);
        if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            conditions.search(service, actor, filter, counters, text).await?;
        }
        Ok(conditions)
    }

    fn choose(&self, filter: &TaskFilter, counters: &Counters) -> Lead {
        let few = filter.status.and_then(|status| counters.ended(status)).is_some_and(|count| count < FEW);
        let has = |lead: Lead| self.terms.iter().any(|term| term.lead == Some(lead));
        let by_preference =
            [(Lead::Status, few), (Lead::Category, true), (Lead::Feature, true), (Lead::Status, true), (Lead::Created, true)];
        if self.states.is_some() {
            return Lead::Living;
        }
        by_preference.into_iter().find(|(lead, wanted)| *wanted && has(*lead)).map_or(Lead::Seq, |(lead, _)| lead)
    }

    fn add(&mut self, (plain, hidden): (String, String), value: impl Into<Value>, lead: Option<Lead>) {
        self.args.push(value.into());
        let at = self.args.len();
        self.terms.push(Term { plain: format!("{plain} ${at}"), hidden: format!("{hidden} ${at}"), lead });
    }

    fn add_plain(&mut self, term: String) {
        self.terms.push(Term { hidden: term.clone(), plain: term, lead: None });
    }

    fn arg(&mut self, value: impl Into<Value>) -> usize {
        self.args.push(value.into());
        self.args.len()
    }

    /// A whole id or number finds its task wherever it is; a part of a name is looked for among the newest tasks.
    async fn search(&mut self, service: &Service, actor: &Actor, filter: &TaskFilter, counters: &Counters, text: &str) -> Result<()> {
        if text.chars().count() > 100 || text.contains('\0') {
            return Err(Error::invalid("q", "Search for at most 100 characters."));
        }
        if text.starts_with("task_") {
            let at = self.arg(text);
            self.add_plain(format!("t.public_id = ${at}"));
            return Ok(());
        }
        let newest = match filter.end {
            None => counters.last_seq,
            Some(end) => {
                let before =
                    query("SELECT seq FROM tasks WHERE user_id = $1 AND created_at < $2 ORDER BY created_at DESC, id DESC LIMIT 1");
                let row = service.db.fetch_optional(before.bind(actor.user_id).bind(end)).await?;
                row.map(|row| row.get(0)).transpose()?.unwrap_or(0)
            }
        };
        if self.lead == Lead::Created {
            self.lead = Lead::Seq;
        }
        let seq = if self.lead == Lead::Seq { "t.seq" } else { "t.seq + 0" };
        let (pattern, oldest) = (self.arg(like(text)), self.arg((newest - SEARCH_WINDOW).max(0)));
        let named = format!("{seq} > ${oldest} AND lower(t.name) LIKE ${pattern} ESCAPE '!'");
        match text.parse::<i64>().ok().filter(|id| *id > 0) {
            // Each half by its own index: one condition with OR would be served by none.
            Some(id) => {
                let id = self.arg(id);
                let numbers = "SELECT n.id FROM tasks n WHERE n.user_id = $1 AND";
                let named = named.replace("t.", "n.");
                self.by_number = true;
                self.add_plain(format!("t.id IN ({numbers} n.id = ${id} UNION ALL {numbers} {named})"));
            }
            None => self.add_plain(named),
        }
        Ok(())
    }

    /// `FROM … WHERE …` for the whole list. `ordered`: the order leads, so every condition is written so that no index fits it.
    pub fn from(&self, ordered: bool) -> String {
        let mut text = String::from(match self.states {
            Some(_) => "FROM tasks t JOIN queue q ON q.id = t.id WHERE t.user_id = $1 AND t.status = 'queued'",
            None if self.by_number => "FROM tasks t WHERE t.user_id + 0 = $1",
            None => "FROM tasks t WHERE t.user_id = $1",
        });
        if let Some(states) = self.states {
            text.push_str(&format!(" AND q.state IN ({states})"));
        }
        for term in &self.terms {
            let leads = term.lead == Some(self.lead) && !ordered;
            // The partial index of ended tasks is found only by its own condition.
            if leads && self.lead == Lead::Status {
                text.push_str(" AND t.status <> 'queued'");
            }
            text.push_str(" AND ");
            text.push_str(if leads { &term.plain } else { &term.hidden });
        }
        text
    }

    /// Rows that match, [`COUNT_LIMIT`] at most.
    pub async fn count(&self, service: &Service) -> Result<i64> {
        let text =
            format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one {} LIMIT {COUNT_LIMIT}) AS counted", self.from(false));
        Ok(service.db.fetch_one(self.bind(query(Sql::Built(text.into())))).await?.get("n")?)
    }

    pub fn bind(&self, query: Query) -> Query {
        self.args.iter().cloned().fold(query, Query::bind)
    }

    /// Whether there is no condition but the owner.
    pub fn is_everything(&self) -> bool {
        self.terms.is_empty() && self.states.is_none()
    }

    /// Whether only living tasks match.
    pub fn is_living(&self) -> bool {
        self.states.is_some()
    }
}

/// The states of a queue's row that stand for a state of a living task.
pub(in crate::tasks) fn queue_states(status: TaskStatus) -> Option<&'static str> {
    match status {
        TaskStatus::Queued => Some("0"),
        TaskStatus::RetryWait => Some("1"),
        TaskStatus::WaitingUpstream => Some("2, 4"),
        TaskStatus::Running => Some("3"),
        _ => None,
    }
}

/// A pattern that matches the text anywhere, with the pattern's own signs taken literally.
pub(crate) fn like(text: &str) -> String {
    let escaped: String =
        text.to_ascii_lowercase().chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}
