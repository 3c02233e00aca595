//! The dialog that writes an announcement.

use super::level_text;
use crate::api::admin::announcements::save;
use crate::error::UiError;
use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::announcements::{Announcement, Level, NewAnnouncement};

/// What is written. A copy is the same one.
#[derive(Clone, Copy)]
pub struct Editor {
    open: RwSignal<bool>,
    id: RwSignal<Option<i64>>,
    title: RwSignal<String>,
    body: RwSignal<String>,
    level: RwSignal<String>,
    starts: RwSignal<String>,
    ends: RwSignal<String>,
    dismissible: RwSignal<bool>,
    keep: Action<(Option<i64>, NewAnnouncement), Result<Announcement, UiError>>,
}

impl Editor {
    /// Take it at the top of the page.
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Editor {
            open: RwSignal::new(false),
            id: RwSignal::new(None),
            title: text(),
            body: text(),
            level: RwSignal::new(Level::Info.as_str().to_owned()),
            starts: text(),
            ends: text(),
            dismissible: RwSignal::new(true),
            keep: Action::new(|(id, new): &(Option<i64>, NewAnnouncement)| save(*id, new.clone())),
        }
    }

    /// Opens it, with an announcement or empty. Browser only.
    pub fn begin(self, announcement: Option<Announcement>) {
        let control = |at: Option<model::time::Timestamp>| at.map(to_control).unwrap_or_default();
        self.keep.clear();
        self.id.set(announcement.as_ref().map(|one| one.id));
        self.starts.set(control(announcement.as_ref().and_then(|one| one.starts_at)));
        self.ends.set(control(announcement.as_ref().and_then(|one| one.ends_at)));
        self.dismissible.set(announcement.as_ref().is_none_or(|one| one.dismissible));
        self.level.set(announcement.as_ref().map(|one| one.level).unwrap_or_default().as_str().to_owned());
        let (title, body) = announcement.map(|one| (one.title, one.body)).unwrap_or_default();
        self.title.set(title);
        self.body.set(body);
        self.open.set(true);
    }

    fn read(self) -> NewAnnouncement {
        NewAnnouncement {
            title: self.title.get_untracked(),
            body: self.body.get_untracked(),
            level: Level::parse(&self.level.get_untracked()).unwrap_or_default(),
            starts_at: from_control(&self.starts.get_untracked()),
            ends_at: from_control(&self.ends.get_untracked()),
            dismissible: self.dismissible.get_untracked(),
        }
    }
}

/// Asks what it says and how long it lasts.
#[component]
pub fn EditorDialog(
    /// What is written.
    editor: Editor,
    /// Loads the list anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let a = t.announcements();
    let toasts = use_toasts();
    let Editor { open, id, title, body, level, starts, ends, dismissible, keep } = editor;
    Effect::new(move |_| {
        if let Some(Ok(_)) = keep.value().get() {
            open.set(false);
            toasts.ok(if id.get_untracked().is_some() { a.saved } else { a.published });
            reload.run(());
        }
    });
    let failure = move || keep.value().get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| error_sentence(t, &error)))
    };
    let other_failure = move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("title" | "body" | "ends_at")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        keep.dispatch((id.get_untracked(), editor.read()));
    };
    let levels = Level::ALL.map(|level| Choice::new(level.as_str(), level_text(t, level))).to_vec();
    let is_new = move || id.with(Option::is_none);
    let head = Signal::derive(move || if is_new() { a.new } else { a.edit }.to_owned());
    view! {
        <Dialog open title=head>
            <form class="stack" on:submit=submit>
                <FormField label=a.title id="announcement-title" help=a.title_help error=at("title") required=true>
                    <Input value=title required=true attr:autofocus=true attr:maxlength="120" attr:autocomplete="off"/>
                </FormField>
                <FormField label=a.body id="announcement-body" help=a.body_help error=at("body") optional=true>
                    <Textarea value=body rows=4 attr:maxlength="2000"/>
                </FormField>
                <FormField label=a.level id="announcement-level">
                    <Select value=level options=levels.clone()/>
                </FormField>
                <div class="dialog-pair">
                    <FormField label=a.starts id="announcement-starts" help=a.starts_help>
                        <Input kind="datetime-local" value=starts/>
                    </FormField>
                    <FormField label=a.ends id="announcement-ends" help=a.ends_help error=at("ends_at")>
                        <Input kind="datetime-local" value=ends/>
                    </FormField>
                </div>
                <p class="field-help">{t.admin().local_time}</p>
                <Switch label=a.dismissible checked=dismissible help=a.dismissible_help/>
                {move || other_failure().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=keep.pending()>{move || if is_new() { a.publish } else { t.common().save }}</Button>
                </DialogFooter>
            </form>
        </Dialog>
    }
    .into_any()
}
