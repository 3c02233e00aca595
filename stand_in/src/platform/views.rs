//! What each platform answers.

use crate::generate::seed;
use serde_json::{Value, json};

/// The states of a platform on the way to a result, as its documentation names them.
pub(super) fn states(platform: &str) -> &'static [&'static str] {
    match platform {
        "suno" | "suno-lyrics" => &["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "SUCCESS"],
        "kling" => &["submitted", "processing", "succeed"],
        "jimeng" => &["in_queue", "generating", "done"],
        "vidu" => &["created", "queueing", "processing", "success"],
        "doubao" => &["queued", "running", "succeeded"],
        "sora" => &["queued", "in_progress", "completed"],
        "ali" => &["PENDING", "RUNNING", "SUCCEEDED"],
        "veo" => &["open", "open", "done"],
        _ => &["Preparing", "Queueing", "Processing", "Success"],
    }
}

/// The words of a submission.
pub(super) fn prompt(platform: &str, body: &Value) -> String {
    let found = match platform {
        "doubao" => &body["content"][0]["text"],
        "ali" => &body["input"]["prompt"],
        "veo" => &body["instances"][0]["prompt"],
        "suno" | "suno-lyrics" if body["prompt"].is_null() => &body["gpt_description_prompt"],
        _ => &body["prompt"],
    };
    found.as_str().unwrap_or_default().to_owned()
}

/// The answer to a submission.
pub(super) fn accepted(platform: &str, id: &str) -> Value {
    match platform {
        "suno" | "suno-lyrics" => json!({"code": "success", "message": "", "data": id}),
        "kling" => json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": {"task_id": id, "task_status": "submitted"}}),
        "jimeng" => json!({"code": 10000, "message": "Success", "request_id": "r", "data": {"task_id": id}}),
        "vidu" => json!({"task_id": id, "state": "created"}),
        "doubao" => json!({"id": id}),
        "sora" => json!({"id": id, "object": "video", "status": "queued", "progress": 0}),
        "ali" => json!({"request_id": "r", "output": {"task_id": id, "task_status": "PENDING"}}),
        "veo" => json!({"name": format!("models/veo-3.0-generate-001/operations/{id}")}),
        _ => json!({"task_id": id, "base_resp": {"status_code": 0, "status_msg": "success"}}),
    }
}

/// A job in a state. What is given after a state's end, such as a result, is there only then.
pub(super) fn view(platform: &str, id: &str, word: &str, prompt: &str, base: &str) -> Value {
    let film = format!("{base}/files/{id}.svg");
    let why = "the content was refused";
    match platform {
        "suno" => suno(id, word, prompt, base),
        "kling" => {
            let mut data = json!({"task_id": id, "task_status": word, "task_status_msg": ""});
            match word {
                "succeed" => data["task_result"] = json!({"videos": [{"id": "v", "url": film, "duration": "5.0"}]}),
                "failed" => data["task_status_msg"] = why.into(),
                _ => {}
            }
            json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": data})
        }
        "jimeng" => match word {
            "refused" => json!({"code": 50411, "message": why, "request_id": "r", "data": null}),
            "done" => json!({"code": 10000, "message": "Success", "data": {"status": word, "video_url": film}}),
            _ => json!({"code": 10000, "message": "Success", "data": {"status": word, "video_url": ""}}),
        },
        "vidu" => {
            let creations = if word == "success" { json!([{"id": "c", "url": film, "cover_url": film}]) } else { json!([]) };
            json!({"id": id, "state": word, "err_code": if word == "failed" { why } else { "" }, "creations": creations})
        }
        "doubao" => match word {
            "succeeded" => json!({"id": id, "status": word, "content": {"video_url": film}}),
            "failed" => json!({"id": id, "status": word, "error": {"code": "OutputVideoSensitiveContentDetected", "message": why}}),
            _ => json!({"id": id, "status": word}),
        },
        "sora" => {
            let progress = match word {
                "completed" => 100,
                "in_progress" => 33,
                _ => 0,
            };
            let error = if word == "failed" { json!({"code": "moderation_blocked", "message": why}) } else { Value::Null };
            json!({"id": id, "object": "video", "status": word, "progress": progress, "error": error})
        }
        "ali" => match word {
            "SUCCEEDED" => json!({"request_id": "r", "output": {"task_id": id, "task_status": word, "video_url": film}}),
            "FAILED" => {
                json!({"request_id": "r", "output": {"task_id": id, "task_status": word, "code": "DataInspectionFailed", "message": why}})
            }
            _ => json!({"request_id": "r", "output": {"task_id": id, "task_status": word}}),
        },
        "veo" => {
            let name = format!("models/veo-3.0-generate-001/operations/{id}");
            match word {
                "done" => {
                    json!({"name": name, "done": true, "response": {"generateVideoResponse": {"generatedSamples": [{"video": {"uri": film}}]}}})
                }
                "error" => json!({"name": name, "done": true, "error": {"code": 3, "message": why}}),
                _ => json!({"name": name}),
            }
        }
        _ => {
            let file = if word == "Success" { id } else { "" };
            json!({"task_id": id, "status": word, "file_id": file, "base_resp": {"status_code": 0, "status_msg": if word == "Fail" { why } else { "success" }}})
        }
    }
}

/// A song, two clips at its end, or lyrics.
fn suno(id: &str, word: &str, prompt: &str, base: &str) -> Value {
    let progress = match word {
        "SUCCESS" | "FAILURE" => "100%",
        "IN_PROGRESS" => "30%",
        _ => "0%",
    };
    let clip = |n: u32| {
        let name = format!("{id}-{n}-{:08x}", seed(prompt));
        json!({
            "id": name, "title": prompt.chars().take(20).collect::<String>(), "state": "complete", "status": "complete",
            "audio_url": format!("{base}/files/{name}.wav"), "image_url": format!("{base}/files/{name}.svg"),
            "model_name": "chirp-v4", "major_model_version": "v4", "metadata": {"duration": 2.0, "prompt": prompt, "tags": "folk"},
        })
    };
    let lyrics = id.starts_with("suno-lyrics");
    let data = match word {
        "SUCCESS" if lyrics => json!({"id": id, "status": "complete", "title": "A song", "text": format!("[Verse]\n{prompt}")}),
        "SUCCESS" => json!([clip(1), clip(2)]),
        _ => Value::Null,
    };
    // A reason while it is still going on must not end it.
    let reason = if matches!(word, "FAILURE" | "QUEUED") { "the lyrics were refused" } else { "" };
    json!({
        "task_id": id, "action": if lyrics { "LYRICS" } else { "MUSIC" }, "status": word, "fail_reason": reason, "progress": progress,
        "submit_time": 1, "start_time": 2, "finish_time": if progress == "100%" { 3 } else { 0 }, "data": data,
    })
}

/// A file of Hailuo.
pub(super) fn file(id: &str, base: &str) -> Value {
    json!({"file": {"file_id": id, "filename": "output.mp4", "download_url": format!("{base}/files/{id}.svg")},
        "base_resp": {"status_code": 0, "status_msg": "success"}})
}
