//! The table of redemption codes.

use super::Doomed;
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::recharge::{CodeState, CodeView, Redeemer};

/// The codes, without the codes themselves.
#[component]
pub fn Rows(
    /// The codes.
    codes: Vec<CodeView>,
    /// Asks before one is switched off.
    ask: Callback<Doomed>,
) -> impl IntoView {
    let t = use_strings();
    let rows = codes.into_iter().map(|code| view! { <Row code ask/> }).collect_view();
    view! {
        <TableWrap>
            <table class="table codes">
                <thead>
                    <tr>
                        <th scope="col">{t.recharge().column_code}</th>
                        <th scope="col">{t.recharge().column_batch}</th>
                        <th scope="col" class="cell-num">{t.recharge().column_points}</th>
                        <th scope="col" class="cell-num">{t.recharge().column_used}</th>
                        <th scope="col">{t.recharge().column_redeemers}</th>
                        <th scope="col">{t.recharge().column_state}</th>
                        <th scope="col">{t.recharge().column_expires}</th>
                        <th scope="col">{t.recharge().column_created}</th>
                        <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableWrap>
    }
    .into_any()
}

/// One code.
#[component]
fn Row(code: CodeView, ask: Callback<Doomed>) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let CodeView { id, batch, prefix, points, uses, used, state, note, expires_at, created_at, redeemers } = code;
    let tone = match state {
        CodeState::Active => Tone::Ok,
        CodeState::UsedUp => Tone::Info,
        CodeState::Expired => Tone::Warn,
        CodeState::Disabled => Tone::Neutral,
    };
    let expires = match expires_at {
        Some(at) => view! { <Time at=at/> }.into_any(),
        None => view! { <span class="muted">{t.recharge().never}</span> }.into_any(),
    };
    let button = (state == CodeState::Active).then(|| {
        let label = format!("{} {prefix}", t.recharge().disable);
        let doomed = Doomed::Code(id, prefix.clone());
        view! {
            <Button size=Size::Sm variant=Variant::Ghost class="is-danger" attr:aria-label=label on_click=move |_| ask.run(doomed.clone())>
                {t.recharge().disable}
            </Button>
        }
    });
    let address = {
        let batch = batch.clone();
        move || link.only(&[("batch", batch.as_str())])
    };
    view! {
        <tr class:is-off=state != CodeState::Active data-code=id>
            <td class="cell-title" data-label=t.recharge().column_code>
                <span class="cell-main mono">{format!("{prefix}…")}</span>
                <span class="cell-sub">{note}</span>
            </td>
            <td data-label=t.recharge().column_batch><a class="mono" href=address>{batch}</a></td>
            <td class="cell-num" data-label=t.recharge().column_points>{grouped(points)}</td>
            <td class="cell-num" data-label=t.recharge().column_used>{format!("{} / {}", grouped(used), grouped(uses))}</td>
            <td data-label=t.recharge().column_redeemers><Redeemers redeemers used/></td>
            <td data-label=t.recharge().column_state><Badge tone>{t.recharge().state_of(state)}</Badge></td>
            <td data-label=t.recharge().column_expires>{expires}</td>
            <td data-label=t.recharge().column_created><Time at=created_at/></td>
            <td class="cell-actions">{button}</td>
        </tr>
    }
    .into_any()
}

/// Who has redeemed a code, and when: one in its row, more behind their number.
#[component]
fn Redeemers(redeemers: Vec<Redeemer>, used: i64) -> impl IntoView {
    let t = use_strings();
    let shown = redeemers.len();
    let one = |Redeemer { user_id, username, redeemed_at }: Redeemer| {
        let name = if username.is_empty() { format!("#{user_id}") } else { username };
        view! { <span class="cell-stack" data-redeemer=user_id><a href=route::admin_user(user_id)>{name}</a><span class="cell-sub"><Time at=redeemed_at/></span></span> }
    };
    let mut all: Vec<_> = redeemers.into_iter().map(one).collect();
    match (all.len(), all.pop()) {
        (1, Some(only)) => only.into_any(),
        (_, Some(last)) => {
            all.push(last);
            let title = fill(t.recharge().redeemers, &[("n", &grouped(used))]);
            let rest = (used > shown as i64)
                .then(|| view! { <li class="muted small">{fill(t.recharge().redeemers_latest, &[("n", &shown.to_string())])}</li> });
            let items = all.into_iter().map(|one| view! { <li>{one}</li> }).collect_view();
            view! { <details class="redeemers"><summary>{title}</summary><ul>{items}{rest}</ul></details> }.into_any()
        }
        (_, None) => view! { <span class="muted">"—"</span> }.into_any(),
    }
}
