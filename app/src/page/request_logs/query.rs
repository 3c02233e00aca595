//! The filters as they stand in the address.

use crate::page::range::{Range, instant};
use crate::ui::LinkBuilder;
use model::request_logs::{RequestLogFilter, StatusClass};
use model::rules::Method;

/// Every method that can be filtered by.
pub const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

/// What the list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogQuery {
    /// All but ranges that end now.
    pub filter: RequestLogFilter,
    /// A range that ends now.
    pub range: Option<Range>,
}

impl LogQuery {
    /// From the present address; what cannot be read is left out. Reactive.
    pub fn read(link: LinkBuilder) -> Self {
        let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
        let text = |name: &str| link.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (path, request_id) = split(text("path"));
        let filter = RequestLogFilter {
            page: number("page"),
            page_size: number("page_size"),
            start: link.get("start").and_then(|text| instant(&text)),
            end: link.get("end").and_then(|text| instant(&text)),
            rule_id: number("rule_id"),
            status: link.get("status").and_then(|word| StatusClass::parse(&word)),
            method: link.get("method").and_then(|word| METHODS.into_iter().find(|method| method.as_str() == word)),
            path,
            key_id: number("key_id"),
            remote_addr: text("remote_addr"),
            call_id: text("call_id"),
            request_id: text("request_id").or(request_id),
            user_id: None,
        };
        LogQuery { filter, range: link.get("range").and_then(|word| Range::parse(&word)) }
    }

    /// Whether any filter is set.
    pub fn is_narrowed(&self) -> bool {
        let plain = RequestLogFilter { page: self.filter.page, page_size: self.filter.page_size, ..RequestLogFilter::default() };
        self.filter != plain || self.range.is_some()
    }
}

/// What stands in the search box: a path begins with `/`, anything else is the id of a request.
fn split(typed: Option<String>) -> (Option<String>, Option<String>) {
    match typed {
        Some(text) if !text.starts_with(['/', '*']) => (None, Some(text)),
        path => (path, None),
    }
}

/// The address of the file of what is shown.
pub fn export_address(filter: &RequestLogFilter, escape: impl Fn(&str) -> String) -> String {
    let RequestLogFilter {
        start,
        end,
        rule_id,
        status,
        method,
        path,
        key_id,
        remote_addr,
        call_id,
        request_id,
        page: _,
        page_size: _,
        user_id: _,
    } = filter;
    let parameters = [
        ("start", start.map(|at| at.rfc3339())),
        ("end", end.map(|at| at.rfc3339())),
        ("rule_id", rule_id.map(|id| id.to_string())),
        ("status", status.map(|status| status.as_str().to_owned())),
        ("method", method.map(|method| method.as_str().to_owned())),
        ("path", path.clone()),
        ("key_id", key_id.map(|id| id.to_string())),
        ("remote_addr", remote_addr.clone()),
        ("call_id", call_id.clone()),
        ("request_id", request_id.clone()),
    ];
    let pairs: Vec<_> =
        parameters.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={}", escape(&value)))).collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("/api/logs/export.csv{mark}{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_search_box_takes_paths_and_ids_of_requests() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(split(text("/api/tasks/*")), (text("/api/tasks/*"), None));
        assert_eq!(split(text("req_5f0c31a2b7e94d18")), (None, text("req_5f0c31a2b7e94d18")));
        assert_eq!(split(None), (None, None));
    }
}
