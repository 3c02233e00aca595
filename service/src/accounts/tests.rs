mod administration;
mod credentials;
mod people;
mod second_factor;

use super::cache::{Cache, Generation};
use super::password::check_strength;
use super::users;
use crate::actor::ClientInfo;
use std::sync::Arc;

/// A browser at an address.
pub(super) fn at(address: &str) -> ClientInfo {
    ClientInfo { address: address.parse().unwrap(), user_agent: "Firefox\u{7} 150".to_owned() }
}

#[test]
fn names_are_compared_without_case_and_look_like_nothing_else() {
    for (name, key) in [("Alice", "alice"), (" bob.k-2_ ", "bob.k-2_"), ("张三丰", "张三丰"), ("0xF", "0xf")] {
        assert_eq!(users::key(name).unwrap(), key);
    }
    // The last is written with a Cyrillic а.
    for name in ["ab", "", "-ab", "a b c", "a/b", "名字", "abc\0", &"x".repeat(65), "\u{202e}abc", "p\u{430}ul"] {
        assert!(users::key(name).is_err(), "{name}");
    }
}

#[test]
fn weak_passwords_are_refused() {
    for password in [
        "1234567",
        "password123",
        "PassWord123",
        "WoAiNi1314",
        "5201314520",
        "aaaaaaaaaaaa",
        "abababababab",
        "Some.User",
        &"x1y".repeat(43),
    ] {
        assert!(check_strength("some.user", password).is_err(), "{password}");
    }
    for password in ["correct horse 42", "我喜欢吃苹果和香蕉", "Tr0ub4dor&3", &"x1yz".repeat(32)] {
        assert!(check_strength("some.user", password).is_ok(), "{password}");
    }
}

/// A slow reader that began before a revocation must not bring the old value back after it.
#[test]
fn what_was_read_before_a_change_is_not_remembered_after_it() {
    let generation = Generation::default();
    let cache = Cache::new(&generation);
    let read_at = cache.before_reading();
    generation.next();
    cache.put([1; 32], read_at, Arc::new("revoked"));
    assert_eq!(cache.get(&[1; 32]), None);
    cache.put([1; 32], cache.before_reading(), Arc::new("fresh"));
    assert_eq!(cache.get(&[1; 32]).as_deref(), Some(&"fresh"));
}
