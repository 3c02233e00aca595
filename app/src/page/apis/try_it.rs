//! A form that makes a real call, and what came of it.

use super::Api;
use super::result::ResultView;
use super::sample::ApiRequest;
use super::send::{Reply, send};
use crate::i18n::use_strings;
use crate::page::tasks::form::{FormState, ParamsSection, focus_first_error};
use crate::ui::*;
use leptos::prelude::*;

/// The form and the result.
#[component]
pub fn TryIt(
    /// The API.
    api: Api,
) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    let toasts = use_toasts();
    let form = FormState::new(api.fields(), None);
    let is_feature = matches!(api, Api::Feature(_));
    let api = StoredValue::new(api);
    let error = RwSignal::new(None);
    let call = Action::new_local(move |request: &ApiRequest| {
        let (method, request) = (api.with_value(Api::method), request.clone());
        async move { send(method, &request).await }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        if call.pending().get_untracked() {
            return;
        }
        let task = api.with_value(|api| untrack(|| form.texts()).new_task(api.fields()));
        match (form.check(t, None), task) {
            (true, Ok(task)) => drop(call.dispatch_local(api.with_value(|api| ApiRequest::new(api, task.params)))),
            (true, Err(found)) => error.set(Some(found.into())),
            (false, _) => {
                toasts.info(t.task_form().fix_errors);
                focus_first_error();
            }
        }
    };
    let result = move || {
        call.value().get().map(|answer: Result<Reply, crate::error::UiError>| match answer {
            Ok(reply) => crate::page::tasks::anew(move || view! { <ResultView reply=reply.clone() is_feature/> }),
            Err(found) => crate::page::tasks::anew(move || view! { <ErrorBox error=found.clone()/> }),
        })
    };
    view! {
        <section class="api-try">
            <h3>{a.try_it}</h3>
            <p class="small muted">{a.try_note}</p>
            <p class="no-script">{a.needs_script}</p>
            <form class="stack needs-script" novalidate=true on:submit=submit>
                <ParamsSection form/>
                {move || error.get().map(|error| view! { <ErrorBox error/> })}
                <div><Button variant=Variant::Primary kind="submit" icon=IconName::Play loading=call.pending()>{a.send}</Button></div>
            </form>
            <div aria-live="polite">{result}</div>
        </section>
    }
    .into_any()
}
