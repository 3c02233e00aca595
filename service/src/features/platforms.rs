//! Platforms that the program knows: for each a channel, a rule and a feature, ready to be added to the catalog.

/// A platform's name and its catalog as YAML.
pub const PLATFORMS: [(&str, &str); 9] = [
    ("suno", include_str!("../../platforms/suno.yaml")),
    ("kling", include_str!("../../platforms/kling.yaml")),
    ("jimeng", include_str!("../../platforms/jimeng.yaml")),
    ("vidu", include_str!("../../platforms/vidu.yaml")),
    ("doubao", include_str!("../../platforms/doubao.yaml")),
    ("sora", include_str!("../../platforms/sora.yaml")),
    ("ali", include_str!("../../platforms/ali.yaml")),
    ("veo", include_str!("../../platforms/veo.yaml")),
    ("hailuo", include_str!("../../platforms/hailuo.yaml")),
];

/// The catalog of a platform; `None` for an unknown name.
pub fn platform(name: &str) -> Option<&'static str> {
    PLATFORMS.iter().find(|(known, _)| *known == name).map(|(_, catalog)| *catalog)
}
