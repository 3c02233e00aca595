//! Icons: one stroked path each, on a grid of 24, drawn for this console.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        /// Every icon there is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum IconName { $($(#[$doc])* $name,)* }

        impl IconName {
            fn path(self) -> &'static str {
                match self { $(IconName::$name => $path,)* }
            }
        }
    };
}

icons! {
    /// A list with ticks.
    Tasks = "M4 6.5l1.5 1.5L8 5M4 12.5l1.5 1.5L8 11M4 18.5l1.5 1.5L8 17M12 7h8M12 13h8M12 19h8";
    /// A cross for adding.
    Plus = "M12 5v14M5 12h14";
    /// Head and shoulders.
    User = "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0";
    /// A key.
    Key = "M8 11a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM11.2 12.3L20 3.5M16.5 7l3 3M14 9.5l2 2";
    /// A magnifying glass.
    Search = "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM15.2 15.2L20.5 20.5";
    /// A funnel of lines.
    Filter = "M4 6h16M7 12h10M10 18h4";
    /// Two arrows in a circle.
    Refresh = "M20 4v5h-5M4 20v-5h5M19.4 9A8 8 0 0 0 5.3 7.6M4.6 15a8 8 0 0 0 14.1 1.4";
    /// One arrow back round.
    Retry = "M4 4v5h5M4.6 9A8 8 0 1 1 4 13";
    /// A struck circle.
    Stop = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM6 6l12 12";
    /// A bin.
    Trash = "M4 7h16M9.5 7V4.5h5V7M6.5 7l.8 13h9.4l.8-13M10 11v5.5M14 11v5.5";
    /// A pencil.
    Pencil = "M4 20l1-4.5L16 4.5a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19L4 20zM14 6.5l3.5 3.5";
    /// Two sheets.
    Copy = "M9 9h9.5a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H10.5A1.5 1.5 0 0 1 9 19zM15 9V5.5A1.5 1.5 0 0 0 13.5 4H5.5A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15H9";
    /// A tick.
    Check = "M5 12.5l4.5 4.5L19 7";
    /// A diagonal cross.
    Close = "M6 6l12 12M18 6L6 18";
    /// Points down.
    ChevronDown = "M6.5 9.5L12 15l5.5-5.5";
    /// Points up.
    ChevronUp = "M6.5 14.5L12 9l5.5 5.5";
    /// Points left.
    ChevronLeft = "M14.5 6.5L9 12l5.5 5.5";
    /// Points right.
    ChevronRight = "M9.5 6.5L15 12l-5.5 5.5";
    /// Three dots.
    More = "M5.5 11.3a.7.7 0 1 0 0 1.4a.7.7 0 1 0 0-1.4zM12 11.3a.7.7 0 1 0 0 1.4a.7.7 0 1 0 0-1.4zM18.5 11.3a.7.7 0 1 0 0 1.4a.7.7 0 1 0 0-1.4z";
    /// Three bars.
    Menu = "M4 7h16M4 12h16M4 17h16";
    /// The sun.
    Sun = "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4";
    /// The moon.
    Moon = "M20 14.2A8 8 0 0 1 9.8 4A8.2 8.2 0 1 0 20 14.2z";
    /// A screen.
    Monitor = "M4 4.5h16v11.5H4zM9 20h6M12 16v4";
    /// A globe.
    Language = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17c-5-5-5-12 0-17z";
    /// A door with an arrow out.
    LogOut = "M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10M15.5 8l4 4l-4 4M19.5 12H9.5";
    /// A triangle with a mark.
    Alert = "M12 4.2L2.8 20h18.4zM12 10v4.5M12 17.2h.01";
    /// A circle with an i.
    Info = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM12 11v5.5M12 7.8h.01";
    /// A circle with a tick.
    CircleCheck = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM8 12.3l2.8 2.8L16 9.5";
    /// A circle with a cross.
    CircleX = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM9 9l6 6M15 9l-6 6";
    /// A clock.
    Clock = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM12 7v5.2l3.3 2";
    /// Rays of a spinner.
    Loader = "M12 3v4M12 17v4M3 12h4M17 12h4M5.6 5.6l2.9 2.9M15.5 15.5l2.9 2.9M5.6 18.4l2.9-2.9M15.5 8.5l2.9-2.9";
    /// A triangle to the right.
    Play = "M7 4.5v15l12-7.5z";
    /// An arrow into a tray.
    Download = "M12 4v11M7.5 11l4.5 4.5L16.5 11M4.5 20h15";
    /// An arrow out of a tray.
    Upload = "M12 15.5v-11M7.5 8.5L12 4l4.5 4.5M4.5 20h15";
    /// An arrow out of a box.
    External = "M14 4h6v6M20 4l-9 9M18 14v4.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 4 18.5v-11A1.5 1.5 0 0 1 5.5 6H10";
    /// Stacked coins.
    Coins = "M9 4C5.7 4 3 5.3 3 7s2.7 3 6 3s6-1.3 6-3s-2.7-3-6-3zM3 7v5c0 1.7 2.7 3 6 3M15 7v2M15 9.5c-3.3 0-6 1.3-6 3s2.7 3 6 3s6-1.3 6-3s-2.7-3-6-3zM9 12.5v5c0 1.7 2.7 3 6 3s6-1.3 6-3v-5";
    /// A shield.
    Shield = "M12 3.5l7.5 2.8V12c0 4.5-3.2 7.5-7.5 9c-4.3-1.5-7.5-4.5-7.5-9V6.3zM8.8 12l2.2 2.2l4.2-4.2";
    /// A padlock.
    Lock = "M5.5 10.5h13V20h-13zM8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2";
    /// A prompt.
    Terminal = "M5 7.5l4.5 4.5L5 16.5M12 17.5h7";
    /// Angle brackets.
    Code = "M8.5 7l-5 5l5 5M15.5 7l5 5l-5 5";
    /// A sheet with lines.
    File = "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16.5h6";
    /// Points up.
    ArrowUp = "M12 19V5M6.5 10.5L12 5l5.5 5.5";
    /// Points down.
    ArrowDown = "M12 5v14M6.5 13.5L12 19l5.5-5.5";
    /// Points both ways.
    ArrowUpDown = "M8 4v15M4.5 7.5L8 4l3.5 3.5M16 20V5M12.5 16.5L16 20l3.5-3.5";
    /// A sheet of a calendar.
    Calendar = "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8";
    /// A flash.
    Bolt = "M13 3L5 13.5h6L10.5 21L19 10.5h-6z";
    /// A tray.
    Inbox = "M4 14l3-9h10l3 9v5.5H4zM4 14h5l1.5 2.5h3L15 14h5";
    /// Stacked sheets.
    Layers = "M12 3.5l8.5 4.7L12 13L3.5 8.2zM3.5 12.5L12 17.2l8.5-4.7M3.5 16.5L12 21.2l8.5-4.7";
    /// An hourglass.
    Hourglass = "M6.5 3.5h11M6.5 20.5h11M8 3.5v4l4 4.5l4-4.5v-4M8 20.5v-4L12 12l4 4.5v4";
    /// A filled dot.
    Dot = "M12 10.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3z";
    /// Two links of a chain.
    Link = "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5";
    /// Bars between two axes.
    Chart = "M4 4v16h16M8.5 16v-4M12.5 16V8M16.5 16v-6";
    /// A wallet.
    Wallet = "M4 8.5V19h16V8.5zM4 8.5L15.5 4.5v4M16 13.8h.01";
    /// A torn-off receipt.
    Receipt = "M6 3.5h12v17l-2-1.4l-2 1.4l-2-1.4l-2 1.4l-2-1.4l-2 1.4zM9 8.5h6M9 12.5h6";
    /// A ticket.
    Ticket = "M3.5 7h17v3a2 2 0 0 0 0 4v3h-17v-3a2 2 0 0 0 0-4zM14 7v10";
    /// An eye.
    Eye = "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5s-7-2-9.5-6.5zM12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6z";
}

/// An icon of the size of the text around it. Decorative: say what it means beside it.
#[component]
pub fn Icon(
    /// Which one.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
    .into_any()
}
