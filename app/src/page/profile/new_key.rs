//! The dialog that makes an API key.

use super::secret::Secret;
use crate::api::accounts::create_key;
use crate::i18n::{Strings, use_strings};
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::{CreatedKey, NewKey, Scope};
use model::time::Timestamp;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

fn scope_text(t: &Strings, scope: Scope) -> &'static str {
    match scope {
        Scope::TasksRead => t.profile().scope_tasks_read,
        Scope::TasksWrite => t.profile().scope_tasks_write,
        Scope::Account => t.profile().scope_account,
        Scope::Admin => t.profile().scope_admin,
    }
}

/// What is in the form.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    scopes: [(Scope, RwSignal<bool>); 4],
    days: RwSignal<String>,
    addresses: RwSignal<String>,
    allow_query: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Form {
            name: RwSignal::new(String::new()),
            scopes: Scope::ALL.map(|scope| (scope, RwSignal::new(matches!(scope, Scope::TasksRead | Scope::TasksWrite)))),
            days: RwSignal::new(String::new()),
            addresses: RwSignal::new(String::new()),
            allow_query: RwSignal::new(false),
        }
    }

    fn reset(self) {
        let fresh = Form::new();
        self.name.set(String::new());
        self.days.set(String::new());
        self.addresses.set(String::new());
        self.allow_query.set(false);
        for ((_, on), (_, first)) in self.scopes.into_iter().zip(fresh.scopes) {
            on.set(first.get_untracked());
        }
    }

    /// What is sent; the end of its life counts from `now`.
    fn read(self, now: i64) -> NewKey {
        let days: Option<i64> = self.days.get_untracked().parse().ok();
        NewKey {
            name: self.name.get_untracked().trim().to_owned(),
            scopes: self.scopes.into_iter().filter(|(_, on)| on.get_untracked()).map(|(scope, _)| scope).collect(),
            expires_at: days.map(|days| Timestamp(now + days * DAY)),
            allowed_addresses: self.addresses.with_untracked(|text| {
                text.split(['\n', ',', ' ']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            }),
            allow_query: Some(self.allow_query.get_untracked()),
        }
    }
}

/// Asks what the key is for, makes it, and shows its secret once.
#[component]
pub fn NewKeyDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whether the key may be for the administration: only an administrator's can.
    is_admin: bool,
    /// Loads the list anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let form = Form::new();
    let made = RwSignal::new(None::<CreatedKey>);
    let create = Action::new(move |key: &NewKey| {
        let key = key.clone();
        async move {
            let answer = create_key(key).await;
            if let Ok(key) = &answer {
                made.set(Some(key.clone()));
            }
            answer
        }
    });
    let failure = move || create.value().get().and_then(Result::err);
    // Closed after the secret was shown: only now the list is loaded anew, since that would take the dialog with it.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is && made.get_untracked().is_some() {
            made.set(None);
            form.reset();
            reload.run(());
        }
        is
    });
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| t.sentence(&error.0.message)))
    };
    let other_failure =
        move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("name" | "scopes" | "allowed_addresses")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        create.dispatch(form.read(js_sys::Date::now() as i64));
    };
    let days = [
        ("", t.profile().expiry_never),
        ("7", t.profile().expiry_7),
        ("30", t.profile().expiry_30),
        ("90", t.profile().expiry_90),
        ("365", t.profile().expiry_365),
    ];
    let scopes = form.scopes.into_iter().filter(move |(scope, _)| is_admin || *scope != Scope::Admin).map(move |(scope, on)| {
        view! { <Checkbox checked=on value=scope.as_str()><span class="mono">{scope.as_str()}</span><span class="check-help">{scope_text(t, scope)}</span></Checkbox> }
    });
    let title = move || if made.get().is_some() { t.profile().secret_title } else { t.profile().new_key }.to_owned();
    view! {
        <Dialog open title=Signal::derive(title)>
            <form class="stack" class:is-hidden=move || made.get().is_some() on:submit=submit>
                <FormField label=t.profile().key_name id="key-name" help=t.profile().key_name_help error=at("name") required=true>
                    <Input value=form.name required=true attr:autofocus=true attr:maxlength="100" attr:autocomplete="off"/>
                </FormField>
                <fieldset class="fieldset">
                    <legend class="field-label">{t.profile().key_scopes}</legend>
                    {scopes.collect_view()}
                    <p class="field-help">{t.profile().key_scopes_help}</p>
                    <p class="field-error" role="alert">{at("scopes")}</p>
                </fieldset>
                <FormField label=t.profile().key_expiry id="key-expiry">
                    <Select value=form.days options=days.map(|(value, label)| Choice::new(value, label)).to_vec()/>
                </FormField>
                <FormField label=t.profile().key_addresses id="key-addresses" help=t.profile().key_addresses_help error=at("allowed_addresses") optional=true>
                    <Textarea value=form.addresses rows=2 mono=true/>
                </FormField>
                <Switch label=t.profile().key_allow_query checked=form.allow_query help=t.profile().key_allow_query_help/>
                {move || other_failure().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=create.pending()>{t.profile().create_key}</Button>
                </DialogFooter>
            </form>
            {move || made.get().map(|key| view! { <Secret key open/> })}
        </Dialog>
    }
    .into_any()
}
