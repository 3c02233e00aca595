//! The files that results point to, made from their names so that nothing is stored.

use crate::generate::seed;

/// Samples a second of a tune.
const RATE: u32 = 8_000;

/// A file's type and bytes; `None` for an unknown ending.
pub(crate) fn file(name: &str) -> Option<(&'static str, Vec<u8>)> {
    match name.rsplit_once('.')? {
        (stem, "svg") => Some(("image/svg+xml", drawing(seed(stem)).into_bytes())),
        (stem, "wav") => Some(("audio/wav", tune(seed(stem)))),
        _ => None,
    }
}

/// Circles on a coloured ground.
fn drawing(seed: u32) -> String {
    let hue = seed % 360;
    let circles: String = (0..7u32)
        .map(|n| {
            let dot = seed.rotate_left(n * 4);
            let (x, y, radius) = (dot % 512, dot / 512 % 512, 30 + dot / 7 % 90);
            format!(r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="hsl({},70%,60%)" fill-opacity=".7"/>"#, (hue + n * 40) % 360)
        })
        .collect();
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="hsl({hue},45%,25%)"/>{circles}</svg>"#
    )
}

/// Two seconds of eight notes, as a WAV file of 8-bit samples.
fn tune(seed: u32) -> Vec<u8> {
    let samples: Vec<u8> = (0..RATE * 2)
        .map(|at| {
            let note = at / (RATE / 4);
            let step = seed.rotate_right(note * 4) % 12;
            let hertz = 220.0 * 2f32.powf(step as f32 / 12.0);
            let fade = 1.0 - (at % (RATE / 4)) as f32 / (RATE / 4) as f32;
            let wave = (at as f32 * hertz * std::f32::consts::TAU / RATE as f32).sin();
            (128.0 + 60.0 * fade * wave) as u8
        })
        .collect();
    let length = samples.len() as u32;
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(length + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16u32.to_le_bytes());
    for word in [1u16, 1] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    for word in [1u16, 8] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&samples);
    file
}
