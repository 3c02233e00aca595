//! Reading catalog files.

use crate::features::{catalog_parse, catalog_text};

/// A file with one of everything.
pub(in crate::features) const FULL: &str = r#"version: 1
rules:
  - name: music
    request:
      method: POST
      url: "{{ channel.base_url }}/submit?user={{ params.style }}"
      headers: { Authorization: "Bearer {{ channel.credential }}", X-Try: "{{ attempt.id }}" }
      body: { prompt: "{{ params.prompt }}", count: "{{ params.count }}", tags: ["{{ params.style }}", 1, null] }
    success: { statuses: [200, 201], path: $.code, equals: 1 }
    error_path: $.message
    poll:
      task_id_path: $.data.id
      request: { method: GET, url: "{{ channel.base_url }}/fetch/{{ upstream_id }}" }
      interval_seconds: 2
      status_path: $.data.status
      status_map: { SUCCESS: success, FAILURE: failure, QUEUED: queued, IN_PROGRESS: in_progress }
      progress_path: $.data.progress
      result_path: $.data.result
      failure_path: $.data.reason
      cancel: { method: DELETE, url: "{{ channel.base_url }}/fetch/{{ upstream_id }}" }
    max_retries: -1
    interval_seconds: 6
    retry_on: any
    timeout_seconds: 20
    overall_timeout_seconds: 3600
    delivery: at_most_once
  - name: echo
    request: { url: "https://echo.example:8443/echo", body: "{{ params }}" }
channels:
  - { name: first, platform: suno, base_url: "https://up.example/v1", credential: "s3cret", more_credentials: [an0ther], priority: 2, weight: 3, max_parallel: 8, max_per_minute: 90 }
  - { name: spare, platform: suno, base_url: "http://127.0.0.1:4010", enabled: false }
features:
  - key: song
    name: 歌曲
    description: Makes a song.
    category: 音乐
    platform: suno
    action: song
    rule: music
    points: 5
    price_kind: per_submission
    billing_hint: 5 点一首
    max_retries: 2
    interval_seconds: 10
    max_parallel_per_user: 4
    sort_order: 1
    form_schema:
      - { key: prompt, label: 提示词, type: textarea, required: true, example: a river, max_length: 200 }
      - { key: count, type: number, integer: true, min: 1, max: 4, default: 1 }
      - { key: style, type: select, options: [{ value: ink, label: 水墨 }, { value: oil }], default: ink }
      - { key: cover, type: file-url }
    result_fields:
      - { label: 音频, path: "$.audio[*].url" }
  - { key: plain-echo, name: Echo, platform: suno, rule: echo, enabled: false }
"#;

#[test]
fn a_full_file_survives_both_formats() {
    let catalog = catalog_parse(FULL, false).unwrap();
    assert_eq!((catalog.rules.len(), catalog.channels.len(), catalog.features.len()), (2, 2, 2));
    for json in [false, true] {
        assert_eq!(catalog_parse(&catalog_text(&catalog, json), json), Ok(catalog.clone()));
    }
}

/// Replaces one piece of the full file and tells the problems, as `line place: message` cut to the start of the message.
fn problems(from: &str, to: &str) -> String {
    assert!(FULL.contains(from), "{from}");
    let found = catalog_parse(&FULL.replacen(from, to, 1), false).expect_err(to);
    let shown = |problem: &crate::features::CatalogProblem| {
        let message: String = problem.message.chars().take(24).collect();
        format!("{} {}: {message}", problem.line.unwrap_or(0), problem.place)
    };
    found.iter().map(shown).collect::<Vec<_>>().join(" | ")
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let table = [
        // Not readable at all.
        ("version: 1", "version: [1", "2 : The file cannot be read:"),
        ("version: 1", "version: 2", "1 version: This program reads catal"),
        ("version: 1", "colour: red", "1 colour: There is no such part; a"),
        ("  - name: echo", "    name: again\n  - name: echo", "3 : The file cannot be read:"),
        ("    name: 歌曲\n", "", "33 features[0]: Missing field `name`."),
        ("timeout_seconds: 20", "timeout: 20", "24 rules[0].timeout: Unknown field `timeout`,"),
        ("points: 5", "points: five", "40 features[0].points: Invalid type: string \"fi"),
        ("a river", "\"a \\0 river\"", "48 features[0].form_schema[0].example: The character U+0000 can"),
        // Names and references.
        ("- name: echo", "- name: music", "27 rules[1].name: `music` stands at rules[ | 54 features[1].rule: There is no rule `echo` "),
        ("key: plain-echo", "key: song", "54 features[1].key: `song` stands at feature"),
        ("name: spare", "name: first", "31 channels[1].name: `first` stands at channe"),
        ("key: song", "key: my song", "33 features[0].key: A key begins with a lett"),
        ("rule: music", "rule: tune", "39 features[0].rule: There is no rule `tune` "),
        ("platform: suno\n    action", "platform: other\n    action", "37 features[0].platform: No channel of the catalo"),
        // Templates, addresses, paths, headers.
        ("\"{{ params.prompt }}\"", "\"{{ params.prompt \"", "8 rules[0].request.body.prompt: The template `{{ params."),
        ("\"{{ params.prompt }}\"", "\"{{ secrets.key }}\"", "8 rules[0].request.body.prompt: A template knows params,"),
        ("[\"{{ params.style }}\", 1", "[\"{{ upstream_id }}\", 1", "8 rules[0].request.body.tags[0]: `upstream_id` is known i"),
        ("{{ channel.base_url }}/submit", "{{ params.host }}/submit", "6 rules[0].request.url: An address begins with {"),
        (
            "{{ channel.base_url }}/submit",
            "{{ channel.base_url }}{{ params.x }}/submit",
            "6 rules[0].request.url: After the host comes `/`",
        ),
        ("https://echo.example:8443/echo", "https://{{ params.x }}.example/echo", "28 rules[1].request.url: An address begins with {"),
        ("https://echo.example:8443/echo", "ftp://echo.example/echo", "28 rules[1].request.url: An address begins with {"),
        ("https://echo.example:8443/echo", "https://me@echo.example/echo", "28 rules[1].request.url: An address begins with {"),
        ("path: $.code", "path: code", "9 rules[0].success.path: This is not a JSONPath o"),
        ("X-Try", "X Try", "7 rules[0].request.headers.X Try: This is not the name of "),
        ("X-Try", "Host", "7 rules[0].request.headers.Host: A rule cannot set this h"),
        ("\"$.audio[*].url\"", "\"$.audio[\"", "53 features[0].result_fields[0].path: This is not a JSONPath o"),
        ("https://up.example/v1", "https://up.example/v1/", "30 channels[0].base_url: This must be an http or "),
        // Polls.
        ("SUCCESS: success,", "SUCCESS: queued,", "16 rules[0].poll.status_map: At least one of the upst"),
        ("QUEUED: queued", "Success: queued", "16 rules[0].poll.status_map.Success: Case does not count: thi"),
        // Limits.
        (
            "max_retries: -1",
            "max_retries: -2",
            "21 rules[0].max_retries: This must be -1 to 10000 | 43 features[0].max_retries: The rule allows at most ",
        ),
        ("max_retries: -1", "max_retries: 1", "43 features[0].max_retries: The rule allows at most "),
        ("timeout_seconds: 20", "timeout_seconds: 301", "24 rules[0].timeout_seconds: This must be 1 to 300."),
        ("overall_timeout_seconds: 3600", "overall_timeout_seconds: 10", "25 rules[0].overall_timeout_seconds: This must be 20 to 86400"),
        ("points: 5", "points: -5", "40 features[0].points: This must be 0 to 100000"),
        ("weight: 3", "weight: 0", "30 channels[0].weight: This must be 1 to 100000"),
        // Forms.
        ("key: count", "key: prompt", "49 features[0].form_schema[1].key: `prompt` stands at form_"),
        ("default: 1 }", "default: 9 }", "49 features[0].form_schema[1].default: `count` must be at most "),
        (
            "min: 1, max: 4",
            "min: 5, max: 4",
            "49 features[0].form_schema[1].min: `min` is above `max`. | 49 features[0].form_schema[1].default: `count` must be at least",
        ),
        ("type: file-url", "type: select", "51 features[0].form_schema[3].options: A field of the type `sel"),
        ("{ value: oil }", "{ value: ink }", "50 features[0].form_schema[2].options[1]: This option stands here "),
        ("example: a river", "example: 5", "48 features[0].form_schema[0].example: `prompt` must be a strin"),
        ("max_length: 200", "options: [{ value: 1 }]", "48 features[0].form_schema[0].options: Only a field of the type"),
    ];
    for (from, to, expected) in table {
        let found = problems(from, to);
        assert_eq!(found, expected, "{from} -> {to}");
    }
}

#[test]
fn mistakes_in_several_entries_are_told_together() {
    let text = FULL.replace("points: 5", "points: five").replace("weight: 3", "weight: none").replace("retry_on: any", "retry_on: never");
    let lines: Vec<_> = catalog_parse(&text, false).unwrap_err().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(23), Some(30), Some(40)]);
}

#[test]
fn json_has_lines_too() {
    let catalog = catalog_parse(FULL, false).unwrap();
    let text = catalog_text(&catalog, true);
    let line = |text: &str, what: &str| text[..text.find(what).unwrap()].matches('\n').count() + 1;
    let broken = text.replacen("\"points\": 5", "\"points\": -5", 1);
    let found = catalog_parse(&broken, true).unwrap_err();
    assert_eq!((found[0].line, found[0].place.as_str()), (Some(line(&broken, "\"points\": -5")), "features[0].points"));
    let broken = text.replacen("\"name\": \"歌曲\",", "", 1);
    let found = catalog_parse(&broken, true).unwrap_err();
    assert_eq!((found[0].line, found[0].message.as_str()), (Some(line(&broken, "\"key\": \"song\"")), "Missing field `name`."));
    assert_eq!(catalog_parse("{\n\"rules\": [],\n\"rules\": []}", true).unwrap_err()[0].line, Some(3));
}

#[test]
fn hostile_files_are_refused_quickly() {
    let bomb = format!("a0: &a0 [x, x]\n{}", (1..40).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect::<String>());
    let deep = "[".repeat(100_000);
    for (text, json) in [
        (bomb.as_str(), false),
        (&deep, false),
        (&deep, true),
        ("", true),
        ("---\na: 1\n---\nb: 2", false),
        ("rules: !!binary x", false),
        ("- 1", false),
        ("rules: 5", false),
    ] {
        assert!(catalog_parse(text, json).is_err(), "{:.40}", text);
    }
}
