//! Invitations: codes by which people may register.

use crate::api::admin::users::{invite, revoke_invitation};
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::page::admin::secret::{SecretDialog, Shown};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::time::Timestamp;
use model::users::{InvitationView, NewInvitation};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// One page of invitations, and the way to a new one.
#[component]
pub fn Invitations(
    /// The page, as loaded.
    page: Page<InvitationView>,
    /// Loads it anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let toasts = use_toasts();
    let creating = RwSignal::new(false);
    let doomed = Question::new();
    let revoke = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = revoke_invitation(id).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(revoke.value(), move |()| u.revoked.to_owned());
    let ask = doomed.ask();
    let button =
        move || view! { <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{u.invite}</Button> };
    let question = doomed.text(u.revoke_text, "code");
    let Page { items, total, total_is_limited, page, page_size } = page;
    let content = if items.is_empty() {
        view! { <EmptyState icon=IconName::Key title=u.invitations_empty text=u.invitations_empty_text>{button()}</EmptyState> }.into_any()
    } else {
        let rows = items.into_iter().map(|invitation| view! { <InvitationRow invitation ask/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{u.note}</th>
                            <th scope="col">{u.code}</th>
                            <th scope="col">{t.common().status}</th>
                            <th scope="col">{u.uses}</th>
                            <th scope="col">{t.profile().key_expires}</th>
                            <th scope="col">{u.by}</th>
                            <th scope="col">{t.common().created_at}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <div class="section-head"><p class="muted">{u.invitations_lead}</p>{button()}</div>
            <Card flush=true>{content}</Card>
        </section>
        <NewInvitationDialog open=creating reload/>
        <ConfirmDialog
            open=doomed.open
            title=u.revoke_title
            body=question
            confirm=u.revoke
            danger=true
            busy=revoke.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(id) = doomed.id() {
                    revoke.dispatch(id);
                }
            })
        />
    }
    .into_any()
}

/// One invitation.
#[component]
fn InvitationRow(invitation: InvitationView, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let live = use_live();
    let InvitationView { id, prefix, note, max_uses, uses, created_by, created_at, expires_at, revoked_at } = invitation;
    let revoked = revoked_at.is_some();
    // Whether it is over depends on the clock, which the server and the browser need not agree on: known after hydration.
    let over = move || expires_at.is_some_and(|end| live.ready.get() && end.0 <= live.now.get());
    let state = move || match (revoked, uses >= max_uses, over()) {
        (true, ..) => view! { <Badge tone=Tone::Neutral>{t.profile().key_revoked}</Badge> },
        (_, true, _) => view! { <Badge tone=Tone::Neutral>{u.used_up}</Badge> },
        (.., true) => view! { <Badge tone=Tone::Warn>{t.profile().key_expired}</Badge> },
        _ => view! { <Badge tone=Tone::Ok dot=true>{t.profile().key_active}</Badge> },
    };
    let expires = match expires_at {
        Some(at) => view! { <Time at=at/> }.into_any(),
        None => view! { <span class="muted">{t.profile().expiry_never}</span> }.into_any(),
    };
    let label = format!("{} {prefix}", u.revoke);
    let code = prefix.clone();
    let button = (!revoked).then(|| {
        view! {
            <Button size=Size::Sm variant=Variant::Ghost class="is-danger" attr:aria-label=label on_click=move |_| ask.run((id, code.clone()))>
                {u.revoke}
            </Button>
        }
    });
    view! {
        <tr class:is-off=revoked data-invitation=id>
            <td class="cell-title" data-label=u.note><span class="cell-main">{if note.is_empty() { "-".to_owned() } else { note }}</span></td>
            <td data-label=u.code><span class="mono nowrap">{format!("{prefix}…")}</span></td>
            <td data-label=t.common().status>{state}</td>
            <td class="num" data-label=u.uses>{format!("{uses} / {max_uses}")}</td>
            <td data-label=t.profile().key_expires>{expires}</td>
            <td data-label=u.by>{created_by}</td>
            <td data-label=t.common().created_at><Time at=created_at/></td>
            <td class="cell-actions">{button}</td>
        </tr>
    }
    .into_any()
}

/// Asks for whom it is, makes it, and shows its code once.
#[component]
fn NewInvitationDialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let (note, uses, days) = (RwSignal::new(String::new()), RwSignal::new("1".to_owned()), RwSignal::new("7".to_owned()));
    let shown = RwSignal::new(Vec::<Shown>::new());
    let make = Action::new(move |new: &NewInvitation| invite(new.clone()));
    Effect::new(move |_| {
        let Some(Ok(made)) = make.value().get() else { return };
        open.set(false);
        note.set(String::new());
        let origin = window().location().origin().unwrap_or_default();
        shown.set(vec![
            Shown { label: u.code.to_owned(), secret: made.code.clone() },
            Shown { label: u.link.to_owned(), secret: format!("{origin}{}?code={}", route::REGISTER, made.code) },
        ]);
    });
    Effect::new(move |was: Option<bool>| {
        let is = shown.with(|shown| !shown.is_empty());
        if was == Some(true) && !is {
            reload.run(());
        }
        is
    });
    let failure = move || make.value().get().and_then(Result::err);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let days: Option<i64> = days.get_untracked().parse().ok();
        make.dispatch(NewInvitation {
            note: note.get_untracked(),
            max_uses: uses.get_untracked().trim().parse().ok(),
            expires_at: days.map(|days| Timestamp(js_sys::Date::now() as i64 + days * DAY)),
        });
    };
    let days_choices =
        [("7", t.profile().expiry_7), ("30", t.profile().expiry_30), ("90", t.profile().expiry_90), ("", t.profile().expiry_never)];
    view! {
        <Dialog open title=u.invite>
            <form class="stack" on:submit=submit>
                <FormField label=u.note id="invitation-note" help=u.note_help optional=true>
                    <Input value=note attr:autofocus=true attr:maxlength="200" attr:autocomplete="off"/>
                </FormField>
                <FormField label=u.max_uses id="invitation-uses" required=true>
                    <Input kind="number" value=uses required=true attr:min="1" attr:max="1000"/>
                </FormField>
                <FormField label=u.expiry id="invitation-expiry">
                    <Select value=days options=days_choices.map(|(value, label)| Choice::new(value, label)).to_vec()/>
                </FormField>
                {move || failure().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=make.pending()>{t.common().create}</Button>
                </DialogFooter>
            </form>
        </Dialog>
        <SecretDialog shown title=u.code_title/>
    }
    .into_any()
}
