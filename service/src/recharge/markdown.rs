//! Markdown of an administrator as HTML that cannot do anything: markup of the writer's own is shown as text, and addresses are looked at.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Renders Markdown.
pub fn html(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut text = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut text, parser.map(safe));
    text
}

fn safe(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // The page has a heading of its own above these.
        Event::Start(Tag::Heading { level, id: _, classes: _, attrs: _ }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: allowed(dest_url, &["http://", "https://", "mailto:"]), title, id })
        }
        // Other sites are kept out by the policy of the page anyway: a picture comes from here, or is in the text.
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let kinds = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,", "data:image/gif;base64,"];
            Event::Start(Tag::Image { link_type, dest_url: allowed(dest_url, &kinds), title, id })
        }
        other => other,
    }
}

fn lower(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H2, H3, H4, H5, H6};
    match level as usize {
        1 => H2,
        2 => H3,
        3 => H4,
        4 => H5,
        _ => H6,
    }
}

/// The address if it begins in an allowed way, or is a path or a place of this site; else nothing.
fn allowed<'a>(address: CowStr<'a>, beginnings: &[&str]) -> CowStr<'a> {
    let lower = address.trim().to_ascii_lowercase();
    let here = lower.starts_with('#') || (lower.starts_with('/') && !lower.starts_with("//") && !lower.starts_with("/\\"));
    if here || beginnings.iter().any(|beginning| lower.starts_with(beginning)) { address } else { CowStr::Borrowed("") }
}

#[cfg(test)]
mod tests {
    use super::html;
    use insta::assert_snapshot;

    #[test]
    fn markdown_is_rendered() {
        let text = "# 充值方式\n\n转账到 **对公账户**，备注用户名。\n\n- 100 元 = 1000 点\n- [客服](https://example.com/a?b=1&c=2)\n\n| a | b |\n|---|---|\n| 1 | 2 |";
        assert_snapshot!(html(text).replace('\n', ""), @"<h2>充值方式</h2><p>转账到 <strong>对公账户</strong>，备注用户名。</p><ul><li>100 元 = 1000 点</li><li><a href=\"https://example.com/a?b=1&amp;c=2\">客服</a></li></ul><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>");
    }

    #[test]
    fn nothing_in_it_can_run() {
        for bad in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](//evil.example)",
            "[x](/\\evil.example)",
            "[x]( vbscript:x)",
            "![x](javascript:alert(1))",
            "![x](data:image/svg+xml;base64,PHN2Zz4=)",
            "![x](https://evil.example/p.png)",
            "<javascript:alert(1)>",
            "[x]: javascript:alert(1)\n[x]",
            "![x\" onerror=\"alert(1)](/a.png \"t\\\" onload=\\\"x\")",
            "# x {onclick=alert(1)}",
            "```<script>\nx\n```",
        ] {
            let html = html(bad);
            let tags: Vec<_> =
                html.split('<').skip(1).map(|part| part.split('>').next().unwrap_or_default().to_ascii_lowercase()).collect();
            for tag in &tags {
                assert!(!tag.starts_with("script"), "{bad}: {html}");
                let outside = tag.split('"').step_by(2).collect::<String>();
                assert!(!outside.contains(" on"), "{bad}: {html}");
                for address in ["href=\"", "src=\""] {
                    if let Some(rest) = tag.split(address).nth(1) {
                        let value = rest.split('"').next().unwrap_or_default();
                        assert!(value.is_empty() || value.starts_with('/') || value.starts_with('#'), "{bad}: {html}");
                        assert!(!value.starts_with("//") && !value.starts_with("/\\") && !value.starts_with("/%5c"), "{bad}: {html}");
                    }
                }
            }
        }
    }
}
