//! The form that adds points to an account or takes them back.

use crate::api::admin::recharge::{Movement, move_points};
use crate::i18n::{fill, use_strings};
use crate::ui::*;
use leptos::prelude::*;

/// User, points, note and direction; asked once more before anything is moved.
#[component]
pub fn RechargeForm(
    /// A name to begin with.
    user: String,
    /// Loads the records anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let (username, points, note) = (RwSignal::new(user), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (direction, up_to) = (RwSignal::new("add".to_owned()), RwSignal::new(false));
    let reverse = Memo::new(move |_| direction.with(|direction| direction == "take"));
    let asking = RwSignal::new(false);
    let number = move || points.with(|points| points.trim().parse::<i64>().ok());
    let run = Action::new(|movement: &Movement| move_points(movement.clone()));
    Effect::new(move |_| {
        // Failures are shown in the form.
        if let Some(Ok(moved)) = run.value().get() {
            let text = if reverse.get_untracked() { t.recharge().admin_done_take } else { t.recharge().admin_done_add };
            toasts.ok(fill(text, &[("n", &grouped(moved.points)), ("available", &grouped(moved.balance.available))]));
            points.set(String::new());
            note.set(String::new());
            reload.run(());
        }
    });
    let failure = move || run.value().get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| error_sentence(t, &error)))
    };
    let other = move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("username" | "points" | "note")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if number().is_some() {
            asking.set(true);
        }
    };
    let question = Signal::derive(move || {
        let text = if reverse.get() { t.recharge().admin_ask_take } else { t.recharge().admin_ask_add };
        fill(text, &[("user", username.get().trim()), ("n", &grouped(number().unwrap_or(0)))])
    });
    let go = Callback::new(move |()| {
        run.dispatch(Movement {
            username: username.get_untracked().trim().to_owned(),
            points: points.with_untracked(|points| points.trim().parse().unwrap_or(0)),
            note: note.get_untracked(),
            reverse: reverse.get_untracked(),
            up_to_available: reverse.get_untracked() && up_to.get_untracked(),
        });
    });
    let title = Signal::derive(move || if reverse.get() { t.recharge().admin_take } else { t.recharge().admin_add }.to_owned());
    let directions = vec![Choice::new("add", t.recharge().admin_add), Choice::new("take", t.recharge().admin_take)];
    view! {
        <Card title=t.recharge().admin_form>
            <form class="stack" on:submit=submit>
                <div class="grid-3">
                    <FormField label=t.recharge().admin_user id="recharge-user" help=t.recharge().admin_user_help error=at("username") required=true>
                        <Input value=username required=true attr:list="recharge-users" attr:autocomplete="off"/>
                    </FormField>
                    <FormField label=t.recharge().admin_direction id="recharge-direction">
                        <Select value=direction options=directions.clone()/>
                    </FormField>
                    <FormField label=t.recharge().admin_points id="recharge-points" error=at("points") required=true>
                        <Input kind="number" value=points required=true attr:min="1" attr:step="1" attr:inputmode="numeric"/>
                    </FormField>
                </div>
                <FormField label=t.recharge().admin_note id="recharge-note" help=t.recharge().admin_note_help error=at("note") optional=true>
                    <Input value=note attr:maxlength="500"/>
                </FormField>
                <div class:is-hidden=move || !reverse.get()>
                    <Checkbox checked=up_to>{t.recharge().admin_up_to}<span class="check-help">{t.recharge().admin_up_to_help}</span></Checkbox>
                </div>
                {move || other().map(|error| view! { <ErrorBox error/> })}
                <div class="row">
                    <Button variant=Variant::Primary kind="submit" loading=run.pending()>{t.recharge().admin_submit}</Button>
                </div>
            </form>
        </Card>
        <ConfirmDialog open=asking title body=question confirm=title busy=run.pending() on_confirm=go/>
    }
    .into_any()
}
