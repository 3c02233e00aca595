//! The widgets: plain HTML elements with our classes, labels and keyboard behaviour. Each has a style file of the same name in `style/ui/`.

mod badge;
mod binding;
mod button;
mod card;
mod choice;
mod clipboard;
mod code;
mod dialog;
mod empty;
mod error_box;
mod field;
mod handler;
mod icon;
mod input;
mod json_tree;
mod link;
mod menu;
mod page_head;
mod pagination;
mod progress;
mod skeleton;
mod snippet;
mod snippet_text;
mod table;
mod tabs;
mod time;
mod toast;

#[cfg(test)]
mod tests;

pub use badge::{Badge, StatusBadge, Tone};
pub use button::{Button, ButtonLink, IconButton, Size, Variant};
pub use card::{Card, StatTile};
pub use choice::{Checkbox, Switch};
pub use clipboard::CopyButton;
pub use code::CodeBlock;
pub use dialog::{ConfirmDialog, Dialog, DialogFooter, DialogSize};
pub use empty::EmptyState;
pub use error_box::{ErrorBox, error_sentence};
pub use field::FormField;
pub use handler::Handler;
pub use icon::{Icon, IconName};
pub use input::{Choice, Input, Select, Textarea};
pub use json_tree::JsonTree;
pub use link::{LinkBuilder, escape, use_link};
pub use menu::{Menu, MenuItem, MenuLink};
pub use page_head::{Crumb, PageHead};
pub use pagination::Pagination;
pub use progress::ProgressBar;
pub use skeleton::{Skeleton, SkeletonCards, SkeletonTable};
pub use snippet::{Snippet, origin};
pub use table::{SortHeader, TableWrap};
pub use tabs::{TabItem, Tabs};
pub use time::{Duration, Time};
pub use toast::{ToastRegion, Toasts, use_toasts};
