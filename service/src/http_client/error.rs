//! Why an outbound call failed, and what may be told to whom.

use std::fmt;

/// Why an address, a port or a redirect was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The address lies in a special range; the text names the range.
    Address(&'static str),
    /// The address is one this program itself listens on, or its database.
    OwnAddress,
    /// The port belongs to a protocol that is not HTTP.
    Port,
    /// A redirect led from https to http.
    Downgrade,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Address(range) => write!(f, "the address is in a forbidden range ({range})"),
            Refusal::OwnAddress => f.write_str("the address belongs to this program"),
            Refusal::Port => f.write_str("the port is not one for HTTP"),
            Refusal::Downgrade => f.write_str("a redirect from https to http"),
        }
    }
}

/// The kinds of failure of an outbound call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboundErrorKind {
    /// The request cannot be made at all (URL, scheme, method); says nothing about any network. The text is for users.
    Invalid(&'static str),
    /// The policy forbids the connection. Users are told the same as for [`OutboundErrorKind::Unreachable`].
    Refused(Refusal),
    /// The name did not resolve, or no connection could be made (TLS included) within the connect limit.
    Unreachable,
    /// Connected, but the answer did not come, or did not go on, within the limits.
    TimedOut,
    /// The connection ended before the answer was complete.
    Interrupted,
    /// What came is not HTTP, or is encoded in a way that is not accepted.
    Protocol,
    /// The answer is larger than the request's limit.
    TooLarge,
    /// More redirects than the request allows.
    TooManyRedirects,
}

/// A failed outbound call.
///
/// `Display` holds the detail and is for logs and administrators; users get [`OutboundError::public_message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundError {
    kind: OutboundErrorKind,
    sent: bool,
    detail: Option<Box<str>>,
}

impl OutboundError {
    pub(super) fn new(kind: OutboundErrorKind) -> Self {
        Self { kind, sent: false, detail: None }
    }

    pub(super) fn invalid(text: &'static str) -> Self {
        Self::new(OutboundErrorKind::Invalid(text))
    }

    pub(super) fn refused(reason: Refusal) -> Self {
        Self::new(OutboundErrorKind::Refused(reason))
    }

    pub(super) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into_boxed_str());
        self
    }

    /// Once a request may have left, no later step can make that undone.
    pub(super) fn sent_if(mut self, sent: bool) -> Self {
        self.sent |= sent;
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> OutboundErrorKind {
        self.kind
    }

    /// Whether the upstream may have received the request (of any hop). `false` is certain, `true` means "cannot be ruled out":
    /// a request that must run at most once may be tried again only when this is `false`.
    pub fn maybe_sent(&self) -> bool {
        self.sent
    }

    /// Whether the same request may succeed later. Whether it is *safe* to repeat is told by [`OutboundError::maybe_sent`].
    pub fn is_retryable(&self) -> bool {
        use OutboundErrorKind as Kind;
        matches!(self.kind, Kind::Unreachable | Kind::TimedOut | Kind::Interrupted | Kind::Protocol)
    }

    /// A short stable word for records and metrics shown to users; refused and unreachable share one, so that nobody can
    /// use the answers as a map of an internal network.
    pub fn code(&self) -> &'static str {
        match self.kind {
            OutboundErrorKind::Refused(_) => "unreachable",
            _ => self.outcome(),
        }
    }

    /// What a user may read.
    pub fn public_message(&self) -> String {
        use OutboundErrorKind as Kind;
        match self.kind {
            Kind::Invalid(text) => format!("The request cannot be made: {text}."),
            Kind::Refused(_) | Kind::Unreachable => "The upstream could not be reached.".to_owned(),
            Kind::TimedOut => "The upstream did not answer in time.".to_owned(),
            Kind::Interrupted => "The connection to the upstream ended before the answer was complete.".to_owned(),
            Kind::Protocol => "The answer of the upstream could not be understood.".to_owned(),
            Kind::TooLarge => "The answer of the upstream is larger than allowed.".to_owned(),
            Kind::TooManyRedirects => "The upstream redirected too often.".to_owned(),
        }
    }

    /// What an administrator may read of an address that is refused; nothing for other failures.
    pub fn refusal(&self) -> Option<String> {
        match self.kind {
            OutboundErrorKind::Refused(Refusal::Address(range)) => {
                Some(format!("Calls to this address are refused: it is in a special network ({range}). The settings can allow it."))
            }
            OutboundErrorKind::Refused(Refusal::OwnAddress) => {
                Some("Calls to this address are refused: it is one of this program or its database.".to_owned())
            }
            OutboundErrorKind::Refused(Refusal::Port) => {
                Some("Calls to this address are refused: its port is not one for HTTP. The settings can allow it.".to_owned())
            }
            _ => None,
        }
    }

    /// The operator's word for the metrics, which tells refused from unreachable.
    pub(super) fn outcome(&self) -> &'static str {
        use OutboundErrorKind as Kind;
        match self.kind {
            Kind::Invalid(_) => "invalid_request",
            Kind::Refused(_) => "refused",
            Kind::Unreachable => "unreachable",
            Kind::TimedOut => "timed_out",
            Kind::Interrupted => "interrupted",
            Kind::Protocol => "protocol",
            Kind::TooLarge => "too_large",
            Kind::TooManyRedirects => "too_many_redirects",
        }
    }
}

impl fmt::Display for OutboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            OutboundErrorKind::Invalid(text) => write!(f, "invalid request: {text}")?,
            OutboundErrorKind::Refused(reason) => write!(f, "refused: {reason}")?,
            _ => f.write_str(self.outcome())?,
        }
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for OutboundError {}

/// The messages of an error and of everything below it.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(": ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}

/// The first error of a given type in a chain.
pub(super) fn find<'a, E: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a E> {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        at = error.source();
    }
    None
}
