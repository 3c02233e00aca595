//! Every way to write an address that some URL parser or system resolver is known to accept.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Spellings of an IPv4 address as a URL host.
pub(super) fn of_v4(text: &str) -> Vec<String> {
    let ip: Ipv4Addr = text.parse().unwrap();
    let [a, b, c, d] = ip.octets();
    let whole = ip.to_bits();
    let (last_three, last_two) = (whole & 0x00ff_ffff, whole & 0xffff);
    let mut all = vec![
        text.to_owned(),
        format!("{text}."),
        format!("{whole}"),
        format!("{whole:#x}"),
        format!("0X{whole:X}"),
        format!("0{whole:o}"),
        format!("{whole:#010x}"),
        format!("0x{a:02x}.0x{b:02x}.0x{c:02x}.0x{d:02x}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0000{a:o}.000{b:o}.00{c:o}.0{d:o}"),
        format!("0x0000{a:x}.0{b:o}.{c}.{d}"),
        format!("{a}.0x{b:x}.0{c:o}.{d}"),
        format!("0{a:o}.{b}.{last_two}"),
        format!("{a}.{last_three}"),
        format!("{a}.{last_three:#x}"),
        format!("{a}.0{last_three:o}"),
        format!("{a}.{b}.{last_two}"),
        format!("{a}.{b}.{last_two:#x}"),
        format!("0x{a:x}.{b}.0{last_two:o}"),
        digits(text, '０'),
        digits(text, '𝟎'),
        digits(text, '𝟘'),
        digits(text, '𝟬'),
        digits(text, '𝟶'),
        circled(text),
        superscript(text),
        percent(text),
        percent_all(text),
        format!("\t{a}.{b}.\n{c}.\r{d}"),
        format!("{a}.{b}.\u{ad}{c}.{d}"),
    ];
    all.extend(['。', '．', '｡'].map(|dot| text.replace('.', &dot.to_string())));
    all.push(circled(text).replace('.', "。"));
    all
}

/// IPv6 addresses that lead a gateway, a tunnel or the kernel to an IPv4 address.
pub(super) fn holding_v4(text: &str) -> Vec<Ipv6Addr> {
    let bits = u128::from(text.parse::<Ipv4Addr>().unwrap().to_bits());
    let with = |prefix: &str| Ipv6Addr::from_bits(prefix.parse::<Ipv6Addr>().unwrap().to_bits() | bits);
    let all_ones = !bits & 0xffff_ffff;
    vec![
        with("::ffff:0:0"),
        with("::"),
        with("::ffff:0:0:0"),
        with("64:ff9b::"),
        with("64:ff9b:1::"),
        with("64:ff9b:1:2:3:4::"),
        // RFC 6052 with a /48: 16 bits of the address, an empty octet, the other 16.
        Ipv6Addr::from_bits("64:ff9b:1::".parse::<Ipv6Addr>().unwrap().to_bits() | (bits >> 16) << 64 | (bits & 0xffff) << 40),
        with("2600:1f18::5efe:0:0"),
        with("2600:1f18:1:2:200:5efe:0:0"),
        with("fe80::5efe:0:0"),
        Ipv6Addr::from_bits((0x2002_u128 << 112) | bits << 80 | 1),
        // Teredo holds the client's address inverted, and that of the server as it is.
        Ipv6Addr::from_bits((0x2001_0000_u128 << 96) | (0x0102_0304 << 64) | all_ones),
        Ipv6Addr::from_bits((0x2001_0000_u128 << 96) | bits << 64 | 0xf5f5_f5f5),
    ]
}

/// Spellings of an IPv6 address as a URL host.
pub(super) fn of_v6(ip: Ipv6Addr) -> Vec<String> {
    let segments = ip.segments();
    let join = |form: fn(&u16) -> String, part: &[u16]| part.iter().map(form).collect::<Vec<_>>().join(":");
    let octets = ip.octets();
    let tail = format!("{}.{}.{}.{}", octets[12], octets[13], octets[14], octets[15]);
    let short: fn(&u16) -> String = |segment| format!("{segment:x}");
    let long: fn(&u16) -> String = |segment| format!("{segment:04X}");
    vec![
        format!("[{ip}]"),
        format!("[{}]", ip.to_string().to_uppercase()),
        format!("[{}]", join(short, &segments)),
        format!("[{}]", join(long, &segments)),
        format!("[{}:{tail}]", join(short, &segments[..6])),
        format!("[{}:{tail}]", join(long, &segments[..6])),
    ]
}

fn digits(text: &str, zero: char) -> String {
    let of = |digit: u32| char::from_u32(zero as u32 + digit).unwrap();
    text.chars().map(|c| c.to_digit(10).map_or(c, of)).collect()
}

fn circled(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| ['⓪', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨'][digit as usize])).collect()
}

fn superscript(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize])).collect()
}

fn percent(text: &str) -> String {
    text.replace('.', "%2e")
}

fn percent_all(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
