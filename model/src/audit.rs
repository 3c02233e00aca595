//! The audit log: who changed what in the administration.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One administrative change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The number.
    pub id: i64,
    /// When.
    pub created_at: Timestamp,
    /// Who: the user's number; 0 for the program itself, as from the command line.
    pub actor_id: i64,
    /// Who: the name at that time.
    pub actor_name: String,
    /// From which address; empty for the program itself.
    pub address: String,
    /// What was done: `user.update`.
    pub action: String,
    /// To what: `user:12`.
    pub target: String,
    /// What it was before; absent for something new.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// What it is since; absent for something that is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
}

/// What the audit log is narrowed to; also its query string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// Only changes by this user, by the name at that time or by number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Only this action (`user.update`), or all of one thing (`user`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Only changes of this thing: `user:12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// At or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// One field that a change changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The way to it: `limits.max_parallel`.
    pub path: String,
    /// What it was; `None` if it was not there.
    pub before: Option<Value>,
    /// What it is; `None` if it is not there.
    pub after: Option<Value>,
}

/// What is different between two values, field by field in the order of their names. Lists are compared as a whole.
pub fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), before, after, &mut found);
    found
}

fn compare(path: String, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    let fields = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    let is_fields = |value: Option<&Value>| value.is_none_or(Value::is_object);
    if before == after {
        return;
    }
    if !is_fields(before) || !is_fields(after) {
        return found.push(Difference { path, before: before.cloned(), after: after.cloned() });
    }
    let (old, new) = (fields(before).unwrap_or_default(), fields(after).unwrap_or_default());
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(path, old.get(name), new.get(name), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_name_what_changed() {
        let before = json!({"role": "user", "limits": {"max_parallel": null, "x": 1}, "list": [1]});
        let after = json!({"role": "user", "limits": {"max_parallel": 4, "x": 1}, "list": [1, 2], "new": true});
        let found: Vec<_> = differences(Some(&before), Some(&after)).into_iter().map(|one| (one.path, one.before, one.after)).collect();
        assert_eq!(
            found,
            [
                ("limits.max_parallel".to_owned(), Some(json!(null)), Some(json!(4))),
                ("list".to_owned(), Some(json!([1])), Some(json!([1, 2]))),
                ("new".to_owned(), None, Some(json!(true))),
            ]
        );
        assert_eq!(differences(None, Some(&json!({"a": 1}))).len(), 1);
        assert!(differences(Some(&before), Some(&before)).is_empty());
        assert!(differences(None, None).is_empty());
    }
}
