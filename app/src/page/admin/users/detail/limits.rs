//! Limits of one user.

use crate::api::admin::users::update;
use crate::error::UiError;
use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::users::{UserLimits, UserPatch};

/// The form of a user's own limits.
#[component]
pub fn LimitsForm(
    /// The user's number.
    id: i64,
    /// The limits, as loaded.
    limits: UserLimits,
    /// Loads the user anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let toasts = use_toasts();
    let text = |value: Option<i64>| RwSignal::new(value.map(|n| n.to_string()).unwrap_or_default());
    let (parallel, requests) = (text(limits.max_parallel), text(limits.requests_per_minute));
    let save = Action::new(move |limits: &UserLimits| {
        let patch = UserPatch { limits: Some(*limits), ..UserPatch::default() };
        async move {
            let answer = update(id, patch).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer.map(drop)
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            toasts.ok(u.limits_saved);
        }
    });
    let failure = move || save.value().get().and_then(Result::<(), UiError>::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| error_sentence(t, &error)))
    };
    let other_failure = move || failure().filter(|error| error.0.field.is_none());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let number = |field: RwSignal<String>| field.get_untracked().trim().parse().ok();
        save.dispatch(UserLimits { max_parallel: number(parallel), requests_per_minute: number(requests) });
    };
    view! {
        <Card title=u.own_limits>
            <form class="stack" on:submit=submit>
                <p class="small muted">{u.own_limits_lead}</p>
                <FormField label=u.max_parallel id="max-parallel" help=u.max_parallel_help error=at("max_parallel")>
                    <Input kind="number" value=parallel placeholder=u.no_limits attr:min="1" attr:max=UserLimits::MOST_PARALLEL.to_string()/>
                </FormField>
                <FormField label=u.requests id="requests-per-minute" help=u.requests_help error=at("requests_per_minute")>
                    <Input kind="number" value=requests placeholder=u.no_limits attr:min="1" attr:max=UserLimits::MOST_REQUESTS.to_string()/>
                </FormField>
                {move || other_failure().map(|error| view! { <ErrorBox error/> })}
                <div class="row"><Button kind="submit" loading=save.pending()>{t.common().save}</Button></div>
            </form>
        </Card>
    }
    .into_any()
}
