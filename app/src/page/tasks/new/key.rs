//! Idempotency keys: one for each intention, so that a lost answer never costs twice.

/// A new key. Browser only; uniqueness among one person's submissions is all that it needs.
pub fn fresh_key() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("web-{:x}-{:08x}{:08x}{:08x}", js_sys::Date::now() as u64, part(), part(), part())
}
