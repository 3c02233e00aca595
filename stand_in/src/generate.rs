//! What the stand-in pretends to have made: always the same for the same words.

use serde_json::{Value, json};

/// The result of a request: a text, a tune, a film or a picture, as its `kind` says.
pub(crate) fn result(base: &str, id: u64, request: &Value) -> Value {
    let prompt = prompt(request);
    let seed = seed(&prompt);
    let name = format!("{id}-{seed:08x}");
    match request.get("kind").and_then(Value::as_str).unwrap_or("image") {
        "text" => json!({"text": text(&prompt, seed), "characters": prompt.chars().count(), "model": "stand-in-text-1"}),
        "music" => {
            json!({"audio_url": format!("{base}/files/{name}.wav"), "title": title(&prompt), "seconds": 2, "model": "stand-in-music-1"})
        }
        "video" => {
            json!({"cover_url": format!("{base}/files/{name}.svg"), "title": title(&prompt), "frames": 24 * (5 + seed % 20), "model": "stand-in-video-1"})
        }
        _ => {
            let count = request.get("count").and_then(Value::as_u64).unwrap_or(1).clamp(1, 8);
            let images: Vec<Value> =
                (1..=count).map(|n| json!({"url": format!("{base}/files/{name}-{n}.svg"), "width": 512, "height": 512})).collect();
            json!({"images": images, "seed": seed, "model": "stand-in-image-1"})
        }
    }
}

/// The words of a request.
pub(crate) fn prompt(request: &Value) -> String {
    match request.get("prompt") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// FNV-1a, 32 bits: the same words give the same result on every machine.
pub(crate) fn seed(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn title(prompt: &str) -> String {
    prompt.chars().take(20).collect()
}

fn text(prompt: &str, seed: u32) -> String {
    let openings = ["这是根据您的要求写成的文字", "以下内容由替身服务生成", "按照提示，结果如下"];
    format!("{}：{prompt}。", openings[seed as usize % openings.len()])
}
