//! The notice that few points are left: above every page while it is so, and as a message when it begins.

use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::route;
use crate::ui::{Icon, IconName, grouped, use_toasts};
use leptos::prelude::*;
use model::events::Event;

/// The notice; nothing while there are enough.
#[component]
pub fn LowBalanceNotice() -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let toasts = use_toasts();
    let sentence = move |available: i64, threshold: i64| {
        fill(t.shell().low_balance, &[("available", &grouped(available)), ("threshold", &grouped(threshold))])
    };
    live.listen(move |event| {
        if let Event::LowBalance { available, threshold } = event {
            live.low_balance.set(*threshold);
            toasts.info(sentence(*available, *threshold));
        }
    });
    let low = Memo::new(move |_| {
        let (available, threshold) = (live.balance.get()?.available, live.low_balance.get());
        (available < threshold).then_some((available, threshold))
    });
    view! {
        <div role="status">
            {move || low.get().map(|(available, threshold)| view! {
                <div class="notice tone-warn low-balance">
                    <Icon name=IconName::Alert/>
                    <span>{sentence(available, threshold)}</span>
                    <a href=route::RECHARGE>{t.shell().go_to_recharge}</a>
                </div>
            })}
        </div>
    }
    .into_any()
}
