//! Browsers by name.

/// "Chrome · Windows" out of what browsers call themselves; the beginning of it for programs.
pub fn browser_name(user_agent: &str) -> Option<String> {
    // Order matters: most browsers also claim to be those further down.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("MicroMessenger", "WeChat"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(browser), None) => Some(browser.to_owned()),
        _ => user_agent.split_whitespace().next().map(|first| first.chars().take(40).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn browsers_are_named() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(browser_name(edge).as_deref(), Some("Edge · Windows"));
        assert_eq!(browser_name("curl/8.5.0").as_deref(), Some("curl/8.5.0"));
        assert_eq!(browser_name(" "), None);
    }
}
