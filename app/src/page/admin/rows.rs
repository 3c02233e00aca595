//! Lists of rows that are added, moved and removed while people edit.

use crate::i18n::use_strings;
use crate::ui::{Icon, IconName};
use leptos::prelude::*;

/// A row with a number of its own, which it keeps while others come and go.
pub trait Row: Clone + Send + Sync + 'static {
    /// The number.
    fn id(&self) -> u32;
}

/// Rows in their order. A copy is the same list.
pub struct Rows<T: 'static>(RwSignal<Vec<T>>);

impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rows<T> {}

impl<T: Row> Rows<T> {
    /// Rows made one after another, each with its number.
    pub fn new<I>(items: impl IntoIterator<Item = I>, make: impl Fn(u32, I) -> T) -> Self {
        Rows(RwSignal::new((0..).zip(items).map(|(id, item)| make(id, item)).collect()))
    }

    /// Adds one at the end; its number.
    pub fn add(self, make: impl FnOnce(u32) -> T) -> u32 {
        let id = self.0.with_untracked(|rows| rows.iter().map(|row| row.id() + 1).max().unwrap_or(0));
        self.0.update(|rows| rows.push(make(id)));
        id
    }

    /// All of them. Reactive.
    pub fn get(self) -> Vec<T> {
        self.0.get()
    }

    /// Where the row of a number is. Reactive.
    pub fn place(self, id: u32) -> usize {
        self.0.try_with(|rows| rows.iter().position(|row| row.id() == id)).flatten().unwrap_or(0)
    }

    /// Whether there is none. Reactive.
    pub fn is_empty(self) -> bool {
        self.0.with(Vec::is_empty)
    }

    fn remove(self, id: u32) {
        self.0.update(|rows| rows.retain(|row| row.id() != id));
    }

    fn shift(self, id: u32, by: isize) {
        self.0.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.id() == id) else { return };
            if let Some(to) = at.checked_add_signed(by).filter(|to| *to < rows.len()) {
                rows.swap(at, to);
            }
        });
    }

    /// Buttons that move and remove a row; `name` says which one to people who cannot see it.
    pub fn tools(self, id: u32, name: impl Fn() -> String + Copy + Send + Sync + 'static, movable: bool) -> AnyView {
        let t = use_strings();
        let first = Memo::new(move |_| self.place(id) == 0);
        let last = Memo::new(move |_| self.place(id) + 1 >= self.0.with(Vec::len));
        let button = move |icon: IconName, what: &'static str, off: Option<Memo<bool>>, press: fn(Self, u32)| {
            let label = move || format!("{what} {}", name());
            let off = move || off.is_some_and(|off| off.get());
            view! {
                <button type="button" class="button button-ghost button-sm button-icon" aria-label=label title=label disabled=off on:click=move |_| press(self, id)>
                    <Icon name=icon/>
                </button>
            }
        };
        let moves = movable.then(|| {
            let up = button(IconName::ArrowUp, t.catalog().move_up, Some(first), |rows, id| rows.shift(id, -1));
            let down = button(IconName::ArrowDown, t.catalog().move_down, Some(last), |rows, id| rows.shift(id, 1));
            view! { {up} {down} }
        });
        view! { <span class="row-tools">{moves} {button(IconName::Trash, t.catalog().remove, None, Self::remove)}</span> }.into_any()
    }
}
