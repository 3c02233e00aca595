//! The forms of the page about recharging. Without scripts they post to the server functions as plain forms.

use crate::api::recharge::{RedeemCode, SetLowBalance};
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::ui::*;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Redeems a code. The news of the balance then loads the records anew.
#[component]
pub fn RedeemForm() -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let code = RwSignal::new(String::new());
    let redeem = ServerAction::<RedeemCode>::new();
    Effect::new(move |_| {
        // Failures are shown at the field.
        if let Some(Ok(redeemed)) = redeem.value().get() {
            toasts.ok(fill(t.recharge().redeemed, &[("n", &grouped(redeemed.points))]));
            code.set(String::new());
        }
    });
    let error = Signal::derive(move || redeem.value().get().and_then(Result::err).map(|error| error_sentence(t, &error)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        redeem.dispatch(RedeemCode { code: code.get_untracked() });
    };
    view! {
        <Card title=t.recharge().redeem>
            <form class="stack" method="post" action=RedeemCode::PATH on:submit=submit>
                <p class="muted">{t.recharge().redeem_lead}</p>
                <FormField label=t.recharge().code id="redeem-code" help=t.recharge().code_help error>
                    <Input
                        name="code"
                        value=code
                        mono=true
                        required=true
                        placeholder="ABCDE-FGHJK-MNPQR-STVWX"
                        attr:autocomplete="off"
                        attr:autocapitalize="characters"
                        attr:spellcheck="false"
                        attr:maxlength="60"
                    />
                </FormField>
                <div class="row">
                    <Button variant=Variant::Primary kind="submit" loading=redeem.pending()>{t.recharge().redeem_button}</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// Sets under how many points to be told.
#[component]
pub fn LowBalanceForm(
    /// What is set now.
    threshold: i64,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let live = use_live();
    let value = RwSignal::new(threshold.to_string());
    let set = ServerAction::<SetLowBalance>::new();
    Effect::new(move |_| {
        if let Some(Ok(threshold)) = set.value().get() {
            live.low_balance.set(threshold);
            toasts.ok(t.recharge().notice_saved);
        }
    });
    let error = Signal::derive(move || set.value().get().and_then(Result::err).map(|error| error_sentence(t, &error)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // What is no number is refused by the browser's own control before it comes here.
        set.dispatch(SetLowBalance { threshold: value.get_untracked().trim().parse().unwrap_or(-1) });
    };
    view! {
        <Card title=t.recharge().notice>
            <form class="stack" method="post" action=SetLowBalance::PATH on:submit=submit>
                <p class="muted">{t.recharge().notice_lead}</p>
                <FormField label=t.recharge().threshold id="low-balance" error>
                    <Input kind="number" name="threshold" value=value required=true attr:min="0" attr:step="1" attr:inputmode="numeric"/>
                </FormField>
                <div class="row">
                    <Button kind="submit" loading=set.pending()>{t.common().save}</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
