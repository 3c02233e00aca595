//! Dialogs: `<dialog>` with `showModal`, so focus, Escape and what lies behind are the browser's.

use super::button::{Button, IconButton, Variant};
use super::icon::IconName;
use crate::i18n::use_strings;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How wide a dialog is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DialogSize {
    /// A question.
    Sm,
    /// A form.
    #[default]
    Md,
    /// Something to read.
    Lg,
}

/// A modal dialog that follows a signal. Its content is built once and stays.
#[component]
pub fn Dialog(
    /// Whether it is open; false again when people close it.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// How wide it is.
    #[prop(optional)]
    size: DialogSize,
    children: Children,
) -> impl IntoView {
    let t = use_strings();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            // Fails only for a dialog that is not in the document.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let class = match size {
        DialogSize::Sm => "dialog dialog-sm",
        DialogSize::Md => "dialog",
        DialogSize::Lg => "dialog dialog-lg",
    };
    // A click on the dialog element itself, not on the box in it, is a click on the backdrop.
    let backdrop = move |event: leptos::ev::MouseEvent| {
        let hit = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if hit.is_some() {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=node class=class aria-label=move || title.get() on:close=move |_| open.set(false) on:mousedown=backdrop>
            <div class="dialog-box">
                <header class="dialog-head">
                    <h2 class="dialog-title">{move || title.get()}</h2>
                    <IconButton icon=IconName::Close label=t.common().close on_click=move |_| open.set(false)/>
                </header>
                <div class="dialog-body">{children()}</div>
            </div>
        </dialog>
    }
    .into_any()
}

/// The row of buttons at the foot of a dialog; the last child of its content or of a form in it.
#[component]
pub fn DialogFooter(children: Children) -> impl IntoView {
    view! { <footer class="dialog-foot">{children()}</footer> }.into_any()
}

/// A question before something is done. It closes when `busy` ends, or at once if nothing is ever busy.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question in few words.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    body: Signal<String>,
    /// The text of the button that does it.
    #[prop(into)]
    confirm: Signal<String>,
    /// Whether it cannot be undone.
    #[prop(optional)]
    danger: bool,
    /// Whether it is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it.
    on_confirm: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    Effect::new(move |was: Option<bool>| {
        let is = busy.get();
        if was == Some(true) && !is {
            open.set(false);
        }
        is
    });
    let confirmed = move |_| {
        on_confirm.run(());
        if !busy.get_untracked() {
            open.set(false);
        }
    };
    view! {
        <Dialog open title size=DialogSize::Sm>
            <p class="dialog-text">{move || body.get()}</p>
            <DialogFooter>
                <Button attr:autofocus=true on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                <Button
                    variant=if danger { Variant::Danger } else { Variant::Primary }
                    loading=busy
                    on_click=confirmed
                >
                    {move || confirm.get()}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
