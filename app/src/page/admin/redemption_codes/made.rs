//! Codes that were just made: shown once, to be copied or saved.

use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::csv;
use model::recharge::{CreatedCodes, NewCodes};
use model::time::Timestamp;

/// The codes, and the ways to keep them.
#[component]
pub fn Made(
    /// What they are worth.
    new: NewCodes,
    /// The codes.
    codes: CreatedCodes,
    /// Closes the dialog.
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = use_strings();
    let text = codes.codes.join("\n");
    let name = format!("redemption-codes-{}.csv", codes.batch);
    let file = StoredValue::new(file(&new, &codes));
    let save = move |_| {
        // A browser that saves nothing still shows the codes to be copied.
        let _ = save_text(&name, &file.get_value());
    };
    view! {
        <div class="stack">
            <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.recharge().codes_once}</span></p>
            <textarea class="input textarea mono codes-text" readonly=true rows="10" aria-label=t.shell().admin_codes>{text.clone()}</textarea>
            <div class="row">
                <CopyButton text=text label=t.common().copy_all/>
                <Button size=Size::Sm icon=IconName::Download on_click=save>{t.recharge().codes_download}</Button>
            </div>
            <DialogFooter>
                <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.recharge().codes_done}</Button>
            </DialogFooter>
        </div>
    }
    .into_any()
}

/// The file with the codes.
fn file(new: &NewCodes, codes: &CreatedCodes) -> String {
    let mut text = format!("{}{}", csv::BOM, csv::line(["code", "points", "uses", "expires_at", "note", "batch"]));
    let expires = new.expires_at.map(Timestamp::rfc3339).unwrap_or_default();
    for code in &codes.codes {
        let (points, uses) = (new.points.to_string(), new.uses.to_string());
        text.push_str(&csv::line([
            code.as_str(),
            points.as_str(),
            uses.as_str(),
            expires.as_str(),
            new.note.as_str(),
            codes.batch.as_str(),
        ]));
    }
    text
}
