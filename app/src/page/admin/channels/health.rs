//! How a channel does, and putting it back into use.

use crate::api::admin::channels::recover;
use crate::i18n::{fill, use_strings};
use crate::page::tasks::anew;
use crate::ui::*;
use leptos::prelude::*;
use model::catalog::{ChannelEntry, ChannelHealth, KeyHealth};

/// What a list says of a channel's health: nothing while all is well.
#[component]
pub fn HealthBadge(
    /// How it does.
    health: ChannelHealth,
) -> impl IntoView {
    let t = use_strings();
    if health.disabled_automatically_at.is_some() {
        let why = t.sentence(&health.reason);
        return view! { <span class="cell-sub" title=why><Badge tone=Tone::Danger>{t.catalog().health_off}</Badge></span> }.into_any();
    }
    let (all, aside) = (health.keys.len(), set_aside(&health));
    if aside > 0 {
        let text = fill(t.catalog().health_keys, &[("n", &(all - aside).to_string()), ("m", &all.to_string())]);
        return view! { <span class="cell-sub"><Badge tone=Tone::Warn>{text}</Badge></span> }.into_any();
    }
    ().into_any()
}

fn set_aside(health: &ChannelHealth) -> usize {
    health.keys.iter().filter(|key| key.disabled_automatically_at.is_some()).count()
}

/// The card about one channel, with the button that puts it back.
#[component]
pub fn HealthPanel(
    /// The channel.
    id: i64,
    /// How it does.
    health: RwSignal<ChannelHealth>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let recovering = Action::new(move |id: &i64| recover(*id));
    toasts.follow(recovering.value(), move |_: &ChannelEntry| t.catalog().recovered.to_owned());
    Effect::new(move |_| {
        if let Some(Ok(entry)) = recovering.value().get() {
            health.set(entry.health);
        }
    });
    let facts = move || {
        let known = health.get();
        anew(move || view! { <Facts known=known.clone()/> })
    };
    let is_off = move || health.with(|known| known.disabled_automatically_at.is_some() || set_aside(known) > 0);
    let button = move || {
        is_off().then(|| {
            view! {
                <Button icon=IconName::Refresh loading=recovering.pending() on_click=move |_| { recovering.dispatch(id); }>{t.catalog().recover}</Button>
            }
        })
    };
    view! {
        <Card title=t.catalog().health>
            <div class="form-fields" data-testid="channel-health">{facts}{button}</div>
        </Card>
    }
    .into_any()
}

#[component]
fn Facts(known: ChannelHealth) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let state = match known.disabled_automatically_at {
        Some(_) => view! { <Badge tone=Tone::Danger>{c.health_off}</Badge> },
        None => view! { <Badge tone=Tone::Ok dot=true>{c.health_good}</Badge> },
    };
    let off = known.disabled_automatically_at.map(|since| {
        view! {
            <div><dt>{c.health_since}</dt><dd><Time at=Some(since)/></dd></div>
            <div><dt>{c.health_reason}</dt><dd>{t.sentence(&known.reason)}</dd></div>
            <div><dt>{c.health_next}</dt><dd><Time at=known.next_probe_at/></dd></div>
        }
    });
    let last = (!known.last_error.is_empty()).then(|| {
        view! { <div><dt>{c.health_last_error}</dt><dd>{t.sentence(&known.last_error)}" "<span class="muted small"><Time at=known.last_error_at/></span></dd></div> }
    });
    let key = move |key: KeyHealth| {
        let name = fill(c.health_key, &[("k", &key.masked)]);
        let state = match key.disabled_automatically_at {
            Some(_) => {
                view! { <Badge tone=Tone::Warn>{c.health_off}</Badge>" "<span class="small">{t.sentence(&key.reason)}</span> }.into_any()
            }
            None => view! { <Badge tone=Tone::Ok dot=true>{c.health_good}</Badge> }.into_any(),
        };
        view! { <div><dt class="mono">{name}</dt><dd>{state}</dd></div> }
    };
    view! {
        <dl class="facts">
            <div><dt>{t.common().status}</dt><dd>{state}</dd></div>
            {off}
            <div><dt>{c.health_failures}</dt><dd class="num">{known.failures}</dd></div>
            {last}
            {known.keys.into_iter().map(key).collect_view()}
        </dl>
    }
    .into_any()
}
