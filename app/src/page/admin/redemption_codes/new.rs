//! The dialog that makes redemption codes.

use super::made::Made;
use crate::api::admin::redemption_codes::create_codes;
use crate::i18n::{fill, use_strings};
use crate::ui::*;
use leptos::prelude::*;
use model::recharge::{CreatedCodes, NewCodes};
use model::time::Timestamp;

/// Asks what the codes are worth, makes them, and shows them once.
#[component]
pub fn NewCodesDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Loads the list anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let text = |first: &str| RwSignal::new(first.to_owned());
    let (points, count, uses, expiry, note) = (text(""), text("10"), text("1"), text(""), text(""));
    let made = RwSignal::new(None::<(NewCodes, CreatedCodes)>);
    let create = Action::new(move |new: &NewCodes| {
        let new = new.clone();
        async move {
            let answer = create_codes(new.clone()).await;
            if let Ok(codes) = &answer {
                made.set(Some((new, codes.clone())));
            }
            answer
        }
    });
    // Closed after they were shown: only now the list is loaded anew and the form is empty again.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is && made.get_untracked().is_some() {
            made.set(None);
            points.set(String::new());
            note.set(String::new());
            reload.run(());
        }
        is
    });
    let failure = move || create.value().get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| error_sentence(t, &error)))
    };
    let other =
        move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("points" | "count" | "uses" | "expires_at" | "note")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let number = |signal: RwSignal<String>| signal.get_untracked().trim().parse().unwrap_or(0);
        create.dispatch(NewCodes {
            points: number(points),
            count: number(count),
            uses: number(uses),
            expires_at: instant(&expiry.get_untracked()),
            note: note.get_untracked().trim().to_owned(),
        });
    };
    let title = move || match made.get() {
        Some((_, codes)) => fill(t.recharge().codes_made, &[("n", &codes.codes.len().to_string())]),
        None => t.recharge().codes_new.to_owned(),
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            <form class="stack" class:is-hidden=move || made.get().is_some() on:submit=submit>
                <div class="grid-3">
                    <FormField label=t.recharge().codes_points id="codes-points" error=at("points") required=true>
                        <Input kind="number" value=points required=true attr:min="1" attr:step="1" attr:autofocus=true/>
                    </FormField>
                    <FormField label=t.recharge().codes_count id="codes-count" help=t.recharge().codes_count_help error=at("count") required=true>
                        <Input kind="number" value=count required=true attr:min="1" attr:max="10000" attr:step="1"/>
                    </FormField>
                    <FormField label=t.recharge().codes_uses id="codes-uses" error=at("uses") required=true>
                        <Input kind="number" value=uses required=true attr:min="1" attr:step="1"/>
                    </FormField>
                </div>
                <FormField label=t.recharge().codes_expiry id="codes-expiry" error=at("expires_at") optional=true>
                    <Input kind="datetime-local" value=expiry/>
                </FormField>
                <FormField label=t.recharge().codes_note id="codes-note" help=t.recharge().codes_note_help error=at("note") optional=true>
                    <Input value=note attr:maxlength="500"/>
                </FormField>
                {move || other().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=create.pending()>{t.recharge().codes_create}</Button>
                </DialogFooter>
            </form>
            {move || made.get().map(|(new, codes)| view! { <Made new codes open/> })}
        </Dialog>
    }
    .into_any()
}

/// The instant of a control in the reader's zone. Browser only.
fn instant(text: &str) -> Option<Timestamp> {
    let milliseconds = js_sys::Date::new(&text.into()).get_time();
    (!text.is_empty() && milliseconds.is_finite()).then_some(Timestamp(milliseconds as i64))
}
