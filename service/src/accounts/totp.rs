//! Codes of an authenticator app: TOTP (RFC 6238) with HMAC-SHA-1, six digits and steps of 30 seconds, which is what every app knows.

use hmac::{Hmac, KeyInit, Mac};
use model::time::Timestamp;
use qrcode::{Color, EcLevel, QrCode};
use sha1::Sha1;
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// Milliseconds of a step.
const STEP_MS: i64 = 30_000;
/// Steps before and after the present one whose codes are taken, since clocks differ.
const WINDOW: i64 = 1;
/// Bytes of a secret, as RFC 4226 recommends.
const BYTES: usize = 20;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Random bytes in base32 without padding.
pub(super) fn random_base32(bytes: usize) -> String {
    let mut random = vec![0u8; bytes];
    // The system's random source does not fail after start-up; without it nothing here would be safe.
    getrandom::fill(&mut random).unwrap_or_else(|error| panic!("the system's random source failed: {error}"));
    base32(&random)
}

/// A new secret.
pub(super) fn new_secret() -> String {
    random_base32(BYTES)
}

/// Base32 (RFC 4648) without padding.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0u32, 0);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(buffer >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(BASE32[(buffer << (5 - bits) & 31) as usize]));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut buffer, mut bits, mut bytes) = (0u32, 0, Vec::with_capacity(text.len() * 5 / 8));
    for sign in text.bytes() {
        let value = BASE32.iter().position(|known| *known == sign)?;
        buffer = buffer << 5 | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 255) as u8);
        }
    }
    Some(bytes)
}

/// The code of a step.
fn code(key: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]]);
    (number & 0x7fff_ffff) % 1_000_000
}

/// The code at a time; for tests and for tools that log in by themselves. `None` for a secret that cannot be read.
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    Some(format!("{:06}", code(&from_base32(secret)?, now.0.div_euclid(STEP_MS))))
}

/// The step whose code was typed, if it is a recent one behind `last_step`: no step's code is taken twice.
pub(super) fn matching_step(secret: &str, typed: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let key = from_base32(secret)?;
    let present = now.0.div_euclid(STEP_MS);
    // Every step is compared, whichever matches.
    let mut found = None;
    for step in present - WINDOW..=present + WINDOW {
        let right = format!("{:06}", code(&key, step));
        if bool::from(right.as_bytes().ct_eq(typed.as_bytes())) && step > last_step {
            found = Some(step);
        }
    }
    found
}

/// What an app reads from the QR code.
pub(super) fn uri(secret: &str, username: &str) -> String {
    let name: String = url::form_urlencoded::byte_serialize(username.as_bytes()).collect::<String>().replace('+', "%20");
    format!("otpauth://totp/APIRequestWeb:{name}?secret={secret}&issuer=APIRequestWeb&algorithm=SHA1&digits=6&period=30")
}

/// A text as the QR code of an SVG, black on white whatever the theme; empty for a text that is too long for one.
pub(super) fn qr_svg(text: &str) -> String {
    const MARGIN: usize = 4;
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let (width, colors) = (code.width(), code.to_colors());
    let size = width + 2 * MARGIN;
    let mut path = String::new();
    for (at, _) in colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        // Writing into a `String` does not fail.
        let _ = write!(path, "M{} {}h1v1h-1z", at % width + MARGIN, at / width + MARGIN);
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = base32(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (seconds, right) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&secret, Timestamp(seconds * 1000)).unwrap(), right);
        }
    }

    #[test]
    fn base32_reads_what_it_writes() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "MY"), (b"fo", "MZXQ"), (b"foob", "MZXW6YQ"), (b"foobar", "MZXW6YTBOI")] {
            assert_eq!((base32(bytes).as_str(), from_base32(text).unwrap().as_slice()), (text, bytes));
        }
        assert_eq!(from_base32("a1"), None);
        assert_eq!(new_secret().len(), 32);
    }

    #[test]
    fn a_code_lives_for_its_window_and_is_taken_once() {
        let secret = base32(b"12345678901234567890");
        let at = |seconds: i64| Timestamp(seconds * 1000);
        let code = code_at(&secret, at(60)).unwrap();
        for (seconds, good) in [(29, false), (30, true), (60, true), (119, true), (120, false)] {
            assert_eq!(matching_step(&secret, &code, at(seconds), 0).is_some(), good, "{seconds}");
        }
        assert_eq!(matching_step(&secret, &format!("{} {}", &code[..3], &code[3..]), at(60), 0), Some(2));
        assert_eq!(matching_step(&secret, &code, at(60), 2), None);
        assert_eq!(matching_step(&secret, "", at(60), 0), None);
    }

    #[test]
    fn the_qr_code_is_an_image() {
        let svg = qr_svg(&uri(&new_secret(), "爱丽丝 1"));
        assert!(svg.starts_with("<svg") && svg.len() > 2000, "{svg}");
        assert!(uri("A", "爱 1").contains("APIRequestWeb:%E7%88%B1%201?secret=A"));
    }
}
