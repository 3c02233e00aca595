//! The reader's time zone. Only the browser knows it; a cookie tells the server, so that the next page is right from its first byte.

/// The name of the cookie.
pub const COOKIE: &str = "tz";

/// Whether a text can be the name of a time zone or an offset, and nothing else.
pub fn is_plausible(name: &str) -> bool {
    !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-:".contains(&byte))
}

/// The browser's time zone, such as `Asia/Shanghai`; none on the server.
pub fn of_browser() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        use js_sys::{Array, Function, Reflect};
        use wasm_bindgen::{JsCast, JsValue};
        let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let format: Function = get(&get(&js_sys::global(), "Intl")?, "DateTimeFormat")?.dyn_into().ok()?;
        let format: JsValue = Reflect::construct(&format, &Array::new()).ok()?;
        let options: Function = get(&format, "resolvedOptions")?.dyn_into().ok()?;
        let name = get(&options.call0(&format).ok()?, "timeZone")?.as_string()?;
        is_plausible(&name).then_some(name)
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Tells the server on later pages. Browser only.
pub fn remember(name: &str) {
    #[cfg(feature = "hydrate")]
    {
        let cookie = format!("{COOKIE}={name}; path=/; max-age=31536000; samesite=lax");
        // Without the cookie the next page is loaded twice, nothing more.
        let _ = js_sys::Reflect::set(&leptos::prelude::document(), &"cookie".into(), &cookie.into());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = name;
}

#[cfg(test)]
mod tests {
    use super::is_plausible;

    #[test]
    fn names_and_offsets() {
        for good in ["Asia/Shanghai", "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "+05:45"] {
            assert!(is_plausible(good), "{good}");
        }
        for bad in ["", "a b", "x;y", "上海"] {
            assert!(!is_plausible(bad), "{bad}");
        }
    }
}
