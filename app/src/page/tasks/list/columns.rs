//! Which columns are shown, remembered by the browser.

use crate::i18n::{Strings, use_strings};
use crate::ui::{IconName, Menu, Size};
use leptos::prelude::*;
use model::tasks::TaskSort;

/// Where the choice is kept.
const STORED_AS: &str = "tasks.hidden-columns";

/// A column that can be taken out.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its word in the style sheet and in the memory of the browser.
    pub key: &'static str,
    /// The sort that its head offers.
    pub sort: Option<TaskSort>,
    label: fn(&Strings) -> &'static str,
}

impl Column {
    /// What stands in its head.
    pub fn label(&self, t: &Strings) -> &'static str {
        (self.label)(t)
    }
}

const fn column(key: &'static str, sort: Option<TaskSort>, label: fn(&Strings) -> &'static str) -> Column {
    Column { key, sort, label }
}

/// All columns in their order; the name is always shown.
pub const COLUMNS: [Column; 12] = [
    column("seq", Some(TaskSort::Seq), |t| t.tasks().column_seq),
    column("id", None, |t| t.tasks().column_id),
    column("name", Some(TaskSort::Name), |t| t.tasks().column_name),
    column("category", Some(TaskSort::Category), |t| t.tasks().column_category),
    column("feature", None, |t| t.tasks().column_feature),
    column("status", Some(TaskSort::Status), |t| t.tasks().column_status),
    column("retries", Some(TaskSort::RetryCount), |t| t.tasks().column_retries),
    column("duration", None, |t| t.tasks().column_duration),
    column("points", None, |t| t.tasks().column_points),
    column("priority", None, |t| t.tasks().column_priority),
    column("created", Some(TaskSort::CreatedAt), |t| t.common().created_at),
    column("updated", Some(TaskSort::UpdatedAt), |t| t.common().updated_at),
];

/// The chosen columns. A copy is the same choice.
#[derive(Clone, Copy)]
pub struct ColumnChoice {
    hidden: RwSignal<Vec<String>>,
}

impl ColumnChoice {
    /// All columns at first; what the browser remembers once the page is hydrated. Take it at the top of a component.
    pub fn new() -> Self {
        let hidden = RwSignal::new(Vec::new());
        Effect::new(move |loaded: Option<bool>| {
            if loaded.is_none() {
                if let Some(text) = storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten()) {
                    hidden.set(text.split(' ').filter(|key| !key.is_empty()).map(str::to_owned).collect());
                }
            } else if let Some(storage) = storage() {
                // A browser that keeps nothing still shows the choice.
                let _ = storage.set_item(STORED_AS, &hidden.with_untracked(|hidden| hidden.join(" ")));
            }
            hidden.track();
            true
        });
        ColumnChoice { hidden }
    }

    /// Words of the columns that are not shown, for the style sheet. Reactive.
    pub fn hidden(self) -> String {
        self.hidden.with(|hidden| hidden.join(" "))
    }

    fn shows(self, key: &str) -> bool {
        self.hidden.with(|hidden| !hidden.iter().any(|other| other == key))
    }

    fn set(self, key: &'static str, shown: bool) {
        self.hidden.update(|hidden| {
            hidden.retain(|other| other != key);
            if !shown {
                hidden.push(key.to_owned());
            }
        });
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The menu of columns.
#[component]
pub fn ColumnMenu(
    /// The choice.
    choice: ColumnChoice,
) -> impl IntoView {
    let t = use_strings();
    let item = move |column: &'static Column| {
        view! {
            <label class="menu-item column-item">
                <input
                    type="checkbox"
                    prop:checked=move || choice.shows(column.key)
                    checked=true
                    on:change=move |event| choice.set(column.key, event_target_checked(&event))
                />
                <span>{column.label(t)}</span>
            </label>
        }
    };
    let items = COLUMNS.iter().filter(|column| column.key != "name").map(item).collect_view();
    view! {
        <div class="needs-script">
            <Menu label=t.tasks().columns id="task-columns" icon=IconName::Layers size=Size::Sm>
                // The menu closes on a click; here several are wanted.
                <div on:click=|event| event.stop_propagation()>{items}</div>
            </Menu>
        </div>
    }
    .into_any()
}
