//! Where a plain form leads: to the task, or back to the form with the error in the address.

use crate::error::UiError;
use model::error::{Error, ErrorCode};

/// The address after a plain form was posted.
#[cfg(feature = "ssr")]
pub fn target(outcome: model::Result<model::tasks::TaskView>, form: &str) -> String {
    let error = match outcome {
        Ok(task) => return crate::route::task(task.id),
        Err(error) => error,
    };
    let separator = if form.contains('?') { '&' } else { '?' };
    // Only names of fields that we know ourselves reach the address.
    let field: String = error.field.unwrap_or_default().chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    // A text that is not JSON is a bad value here, not a bad request.
    let code = if error.code == ErrorCode::BadRequest { ErrorCode::Invalid } else { error.code };
    format!("{form}{separator}error={}&field={field}", code.as_str())
}

/// The error that an address carries, if it does.
pub fn error_in(code: Option<String>, field: Option<String>) -> Option<UiError> {
    let code = ErrorCode::ALL.iter().copied().find(|known| Some(known.as_str()) == code.as_deref())?;
    let mut error = Error::new(code, "The form was not accepted.");
    error.field = field.filter(|field| !field.is_empty());
    Some(UiError(error))
}
