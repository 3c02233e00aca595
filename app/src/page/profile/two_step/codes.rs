//! Recovery codes just made: the only time that they are on a page.

use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::RecoveryCodes;

/// The recovery codes, once.
#[component]
pub fn Codes(
    /// The codes.
    codes: RecoveryCodes,
    /// The dialog around them.
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = use_strings();
    let all = codes.codes.join("\n");
    let file = StoredValue::new(format!("{}\n", codes.codes.join("\n")));
    let save = move |_| {
        // A browser that saves nothing still shows the codes to be copied.
        let _ = file.with_value(|file| save_text("recovery-codes.txt", file));
    };
    view! {
        <div class="stack">
            <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.profile().two_step_codes_text}</span></p>
            <ol class="recovery-codes mono">{codes.codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ol>
            <div class="row">
                <CopyButton text=all label=t.common().copy_all/>
                <Button size=Size::Sm icon=IconName::Download on_click=save>{t.profile().two_step_download}</Button>
            </div>
            <DialogFooter>
                <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.profile().secret_done}</Button>
            </DialogFooter>
        </div>
    }
    .into_any()
}
