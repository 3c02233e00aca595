//! From what a viewer asks for to instants: days are those of the viewer's time zone.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp as Instant, ToSpan, Zoned};
use model::dashboard::{DashboardQuery, SLOT_MS, Step};
use model::time::Timestamp;
use model::{Error, Result};

/// Longest range, in days.
const MOST_DAYS: i64 = 366;
/// Ranges up to this many days are shown by the hour.
const HOURLY_DAYS: i64 = 2;

/// A range of time with the borders of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    pub tz: String,
    pub first_day: String,
    pub last_day: String,
    pub step: Step,
    /// Where steps begin, and where the last one ends: at least two.
    pub borders: Vec<Border>,
}

/// Where a step begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Border {
    pub at: i64,
    pub label: String,
}

impl Range {
    pub fn start(&self) -> i64 {
        self.borders.first().map_or(0, |border| border.at)
    }

    pub fn end(&self) -> i64 {
        self.borders.last().map_or(0, |border| border.at)
    }

    /// One step, without days.
    pub fn whole(start: i64, end: i64) -> Self {
        let border = |at| Border { at, label: String::new() };
        Range {
            tz: String::new(),
            first_day: String::new(),
            last_day: String::new(),
            step: Step::Day,
            borders: vec![border(start), border(end)],
        }
    }

    /// Reads a query.
    ///
    /// Errors: `invalid` at `tz`, `range`, `start` or `end`.
    pub fn read(query: &DashboardQuery, now: Timestamp) -> Result<Self> {
        let (tz, name) = zone(query.tz.as_deref().unwrap_or("UTC"))?;
        let now = instant(now)?.to_zoned(tz.clone());
        let (start, end) = bounds(query, &now, &tz)?;
        let days = (end.0 - start.0) / 86_400_000;
        if days > MOST_DAYS {
            return Err(Error::invalid("start", format!("The range may have {MOST_DAYS} days at most.")));
        }
        let step = if end.0 - start.0 <= (HOURLY_DAYS * 24 + 1) * 3_600_000 { Step::Hour } else { Step::Day };
        let first = instant(start)?.to_zoned(tz.clone());
        let last = instant(Timestamp(end.0 - 1))?.to_zoned(tz);
        let borders = borders(step, &first, start.0, end.0)?;
        Ok(Range { tz: name, first_day: first.date().to_string(), last_day: last.date().to_string(), step, borders })
    }
}

/// First and last instant, on slots.
fn bounds(query: &DashboardQuery, now: &Zoned, tz: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let today = now.date();
    if query.start.is_none() && query.end.is_none() {
        let first = match query.range.as_deref().unwrap_or("today") {
            "today" => today,
            "7d" => plus(today, -6)?,
            "30d" => plus(today, -29)?,
            "month" => today.first_of_month(),
            _ => return Err(Error::invalid("range", "The range must be `today`, `7d`, `30d` or `month`, or have a `start`.")),
        };
        return Ok((day(first, tz)?, day(plus(today, 1)?, tz)?));
    }
    if query.range.is_some() {
        return Err(Error::invalid("range", "Give a range or a start, not both."));
    }
    let start = match query.start.as_deref() {
        Some(text) => read(text, tz, false).ok_or_else(|| unreadable("start"))?,
        None => return Err(Error::invalid("start", "A range with an end needs a start.")),
    };
    let end = match query.end.as_deref() {
        Some(text) => read(text, tz, true).ok_or_else(|| unreadable("end"))?,
        None => day(plus(today, 1)?, tz)?,
    };
    if end <= start {
        return Err(Error::invalid("end", "The range must end after it starts."));
    }
    let down = |at: Timestamp| at.0 - at.0.rem_euclid(SLOT_MS);
    Ok((Timestamp(down(start)), Timestamp(down(Timestamp(end.0 + SLOT_MS - 1)))))
}

pub(super) fn unreadable(field: &str) -> Error {
    Error::invalid(field, "Give a day such as 2026-01-31, or an RFC 3339 time such as 2026-01-31T08:15:30Z.")
}

/// A day, or an instant. A day that ends a range belongs to it.
pub(super) fn read(text: &str, tz: &TimeZone, ends: bool) -> Option<Timestamp> {
    if let Some(at) = Timestamp::parse(text) {
        return Some(at);
    }
    let date: Date = (text.len() == 10).then(|| text.parse().ok())??;
    day(if ends { plus(date, 1).ok()? } else { date }, tz).ok()
}

/// `Asia/Kathmandu`, `UTC`, `+05:45`, `-03:00`; the zone and its name.
pub(super) fn zone(text: &str) -> Result<(TimeZone, String)> {
    let fail = || Error::invalid("tz", "Give a time zone such as `Asia/Shanghai`, or an offset such as `+08:00`.");
    // A plus of a query string that was not escaped arrives as a space.
    let offset = text.strip_prefix(['+', ' ']).map(|rest| (1, rest)).or_else(|| text.strip_prefix('-').map(|rest| (-1, rest)));
    if let Some((sign, rest)) = offset {
        let (hours, minutes) = rest.split_once(':').ok_or_else(fail)?;
        let number = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i32>().ok()).flatten().ok_or_else(fail);
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        if hours > 15 || minutes > 59 || minutes % 15 != 0 {
            return Err(fail());
        }
        let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| fail())?;
        return Ok((TimeZone::fixed(offset), format!("{}{rest}", if sign > 0 { '+' } else { '-' })));
    }
    let zone = TimeZone::get(text).map_err(|_| fail())?;
    Ok((zone, text.to_owned()))
}

fn instant(at: Timestamp) -> Result<Instant> {
    Instant::from_millisecond(at.0).map_err(|_| Error::invalid("start", "That time is too far away."))
}

/// When a day begins.
fn day(date: Date, tz: &TimeZone) -> Result<Timestamp> {
    let begins = date.to_zoned(tz.clone()).and_then(|midnight| midnight.start_of_day());
    begins.map(|begins| Timestamp(begins.timestamp().as_millisecond())).map_err(|_| Error::invalid("start", "That day is too far away."))
}

fn plus(date: Date, days: i64) -> Result<Date> {
    date.checked_add(Span::new().days(days)).map_err(|_| Error::invalid("start", "That day is too far away."))
}

/// The borders from `first` on.
fn borders(step: Step, first: &Zoned, start: i64, end: i64) -> Result<Vec<Border>> {
    let far = |_| Error::invalid("end", "That time is too far away.");
    let label = |at: &Zoned| {
        let time = at.datetime();
        match step {
            Step::Day => time.date().to_string(),
            Step::Hour => format!("{} {:02}:{:02}", time.date(), time.hour(), time.minute()),
        }
    };
    let mut borders = vec![Border { at: start, label: label(first) }];
    let mut at = match step {
        Step::Day => first.start_of_day().map_err(far)?,
        Step::Hour => first.with().minute(0).second(0).subsec_nanosecond(0).build().map_err(far)?,
    };
    loop {
        at = match step {
            // Hours are counted in real time, so that an hour that the clocks repeat has two steps.
            Step::Hour => at.checked_add(1.hour()).map_err(far)?,
            Step::Day => at.tomorrow().and_then(|next| next.start_of_day()).map_err(far)?,
        };
        let here = at.timestamp().as_millisecond();
        if here >= end {
            borders.push(Border { at: end, label: String::new() });
            return Ok(borders);
        }
        if here > start {
            borders.push(Border { at: here, label: label(&at) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000 + 64_000);

    fn query(range: Option<&str>, start: Option<&str>, end: Option<&str>, tz: &str) -> DashboardQuery {
        let own = |text: Option<&str>| text.map(str::to_owned);
        DashboardQuery { range: own(range), start: own(start), end: own(end), tz: Some(tz.to_owned()) }
    }

    fn shown(query: &DashboardQuery) -> String {
        let range = Range::read(query, NOW).unwrap();
        let (start, end) = (Timestamp(range.start()).rfc3339(), Timestamp(range.end()).rfc3339());
        format!("{start} {end} {:?} {} {} {}", range.step, range.borders.len() - 1, range.borders[0].label, range.last_day)
    }

    /// Midnight of 2026-01-01 UTC is 05:45 in Kathmandu and the evening before in New York.
    #[test]
    fn days_are_those_of_the_zone() {
        for tz in ["Asia/Kathmandu", "+05:45"] {
            assert_eq!(
                shown(&query(None, None, None, tz)),
                "2025-12-31T18:15:00.000Z 2026-01-01T18:15:00.000Z Hour 24 2026-01-01 00:00 2026-01-01"
            );
        }
        assert_eq!(
            shown(&query(Some("7d"), None, None, "America/New_York")),
            "2025-12-25T05:00:00.000Z 2026-01-01T05:00:00.000Z Day 7 2025-12-25 2025-12-31"
        );
        assert_eq!(
            shown(&query(Some("month"), None, None, "UTC")),
            "2026-01-01T00:00:00.000Z 2026-01-02T00:00:00.000Z Hour 24 2026-01-01 00:00 2026-01-01"
        );
        assert_eq!(
            shown(&query(None, Some("2026-01-31"), Some("2026-02-02"), "Asia/Kathmandu")),
            "2026-01-30T18:15:00.000Z 2026-02-02T18:15:00.000Z Day 3 2026-01-31 2026-02-02"
        );
    }

    /// The clocks of Berlin go forward on 29 March 2026 and back on 25 October.
    #[test]
    fn days_of_23_and_25_hours() {
        let short = query(None, Some("2026-03-29"), Some("2026-03-29"), "Europe/Berlin");
        assert_eq!(shown(&short), "2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z Hour 23 2026-03-29 00:00 2026-03-29");
        let long = query(None, Some("2026-10-25"), Some("2026-10-25"), "Europe/Berlin");
        assert_eq!(shown(&long), "2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z Hour 25 2026-10-25 00:00 2026-10-25");
        let week = query(None, Some("2026-03-27"), Some("2026-03-31"), "Europe/Berlin");
        assert_eq!(shown(&week), "2026-03-26T23:00:00.000Z 2026-03-31T22:00:00.000Z Day 5 2026-03-27 2026-03-31");
    }

    #[test]
    fn instants_are_widened_to_slots() {
        let some = query(None, Some("2026-01-01T00:07:00Z"), Some("2026-01-01T02:20:00Z"), "UTC");
        assert_eq!(shown(&some), "2026-01-01T00:00:00.000Z 2026-01-01T02:30:00.000Z Hour 3 2026-01-01 00:00 2026-01-01");
        let kathmandu = query(None, Some("2026-01-01T00:07:00Z"), Some("2026-01-01T02:20:00Z"), "+05:45");
        let range = Range::read(&kathmandu, NOW).unwrap();
        let labels: Vec<_> = range.borders.iter().map(|border| border.label.as_str()).collect();
        assert_eq!(labels, ["2026-01-01 05:45", "2026-01-01 06:00", "2026-01-01 07:00", "2026-01-01 08:00", ""]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (bad, field) in [
            (query(Some("year"), None, None, "UTC"), "range"),
            (query(Some("7d"), Some("2026-01-01"), None, "UTC"), "range"),
            (query(None, None, Some("2026-01-01"), "UTC"), "start"),
            (query(None, Some("yesterday"), None, "UTC"), "start"),
            (query(None, Some("2026-02-30"), None, "UTC"), "start"),
            (query(None, Some("2026-01-02"), Some("2026-01-01"), "UTC"), "end"),
            (query(None, Some("2026-01-01"), Some("2026-13-01"), "UTC"), "end"),
            (query(None, Some("2020-01-01"), Some("2026-01-01"), "UTC"), "start"),
            (query(None, None, None, "Mars/Olympus"), "tz"),
            (query(None, None, None, "+05:07"), "tz"),
            (query(None, None, None, "+5"), "tz"),
            (query(None, None, None, ""), "tz"),
        ] {
            let error = Range::read(&bad, NOW).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{bad:?}");
        }
    }
}
