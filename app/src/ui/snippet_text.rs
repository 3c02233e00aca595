//! One HTTP call, written in five languages.

use serde_json::Value;

/// A language of a sample call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Curl,
    Python,
    Node,
    Php,
    Go,
}

impl Language {
    pub(super) const ALL: [Language; 5] = [Language::Curl, Language::Python, Language::Node, Language::Php, Language::Go];

    pub(super) fn name(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::Python => "Python (httpx)",
            Language::Node => "Node.js (fetch)",
            Language::Php => "PHP",
            Language::Go => "Go",
        }
    }
}

/// The call to be written.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) key: String,
    pub(super) body: Option<Value>,
}

impl Call {
    /// The call in a language. Every text from outside is quoted by the rules of that language.
    pub(super) fn write(&self, language: Language) -> String {
        let body = self.body.as_ref().map(|body| serde_json::to_string_pretty(body).unwrap_or_default());
        match language {
            Language::Curl => self.curl(body),
            Language::Python => self.python(body),
            Language::Node => self.node(body),
            Language::Php => self.php(body),
            Language::Go => self.go(body),
        }
    }

    fn curl(&self, body: Option<String>) -> String {
        let mut text = format!("curl -X {} {} \\\n  -H {}", self.method, shell(&self.url), shell(&format!("X-API-Key: {}", self.key)));
        if let Some(body) = body {
            text.push_str(&format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d {}", shell(&body)));
        }
        text
    }

    fn python(&self, body: Option<String>) -> String {
        let (method, url, key) = (quoted(&self.method), quoted(&self.url), quoted(&self.key));
        let (import, json) = match body {
            Some(body) => ("import json\n\nimport httpx\n", format!("    json=json.loads({}),\n", quoted(&body))),
            None => ("import httpx\n", String::new()),
        };
        format!(
            "{import}\nresponse = httpx.request(\n    {method},\n    {url},\n    headers={{\"X-API-Key\": {key}}},\n{json}    timeout=30,\n)\nresponse.raise_for_status()\nprint(response.json())"
        )
    }

    fn node(&self, body: Option<String>) -> String {
        let (method, url, key) = (quoted(&self.method), quoted(&self.url), quoted(&self.key));
        let (header, json) = match body {
            Some(body) => {
                (", \"Content-Type\": \"application/json\"", format!("\n  body: JSON.stringify({}),", body.replace('\n', "\n  ")))
            }
            None => ("", String::new()),
        };
        format!(
            "const response = await fetch({url}, {{\n  method: {method},\n  headers: {{ \"X-API-Key\": {key}{header} }},{json}\n}});\nif (!response.ok) throw new Error(await response.text());\nconsole.log(await response.json());"
        )
    }

    fn php(&self, body: Option<String>) -> String {
        let (method, url, key) = (single(&self.method), single(&self.url), single(&format!("X-API-Key: {}", self.key)));
        let (header, fields) = match body {
            Some(body) => (", 'Content-Type: application/json'", format!("\n    CURLOPT_POSTFIELDS => {},", single(&body))),
            None => ("", String::new()),
        };
        format!(
            "<?php\n$call = curl_init({url});\ncurl_setopt_array($call, [\n    CURLOPT_CUSTOMREQUEST => {method},\n    CURLOPT_RETURNTRANSFER => true,\n    CURLOPT_HTTPHEADER => [{key}{header}],{fields}\n]);\necho curl_exec($call);"
        )
    }

    fn go(&self, body: Option<String>) -> String {
        let (method, url, key) = (quoted(&self.method), quoted(&self.url), quoted(&self.key));
        let (import, reader, header) = match body {
            Some(body) => (
                "\n\t\"strings\"",
                format!("strings.NewReader({})", quoted(&body)),
                "\n\trequest.Header.Set(\"Content-Type\", \"application/json\")",
            ),
            None => ("", "nil".to_owned(), ""),
        };
        format!(
            "package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"net/http\"{import}\n)\n\nfunc main() {{\n\trequest, err := http.NewRequest({method}, {url}, {reader})\n\tif err != nil {{\n\t\tpanic(err)\n\t}}\n\trequest.Header.Set(\"X-API-Key\", {key}){header}\n\tresponse, err := http.DefaultClient.Do(request)\n\tif err != nil {{\n\t\tpanic(err)\n\t}}\n\tdefer response.Body.Close()\n\ttext, _ := io.ReadAll(response.Body)\n\tfmt.Println(string(text))\n}}"
        )
    }
}

/// For a POSIX shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Double-quoted, for Python, JavaScript and Go, which all read JSON strings.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Single-quoted, for PHP.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}
