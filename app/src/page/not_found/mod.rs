//! What every unknown address shows.

use crate::i18n::use_strings;
use crate::page::login::Entrance;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says that nothing is here, with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let t = use_strings();
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(404);
    view! {
        <Title text=t.shell().not_found_title/>
        <Entrance title=t.shell().not_found_title lead=t.shell().not_found_text>
            <div class="row"><ButtonLink href=route::TASKS variant=Variant::Primary>{t.shell().not_found_back}</ButtonLink></div>
        </Entrance>
    }
    .into_any()
}
