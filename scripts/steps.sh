# Sourced by every script: where things are, and how a step is announced, timed and logged.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Build results: where the caller says, else `target/` as with plain cargo.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
case $CARGO_TARGET_DIR in /*) ;; *) CARGO_TARGET_DIR=$ROOT/$CARGO_TARGET_DIR ;; esac
# Tools that scripts/setup installs: outside the clone, so that a second clone has them already, and apart from ~/.cargo/bin, so that
# nothing of yours is replaced. A tool of the right version that is on PATH is used instead.
TOOLS=${APIREQUESTWEB_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/apirequestweb/tools}
LOGS=$TOOLS/logs
export PATH=$TOOLS/bin:$PATH:$HOME/.cargo/bin:$TOOLS/npm/node_modules/.bin
# Debian's compiler made the WASM target (see scripts/setup): then it builds the server as well, because one build folder needs one compiler.
if [ -f "$TOOLS/use-debian-rust" ]; then
    export PATH=/usr/bin:$PATH
fi

# say WORDS: one line for the person watching.
say() { printf '%s\n' "$*"; }

# fail SENTENCE...: ends the script with sentences that say what to do.
fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# step NAME COMMAND...: runs it with its output shown, and says how long it took.
step() {
    local name=$1 begun=$SECONDS
    shift
    say "── $name"
    "$@" || fail "$name failed after $((SECONDS - begun)) s." "The lines above say why. To run it alone: $*"
    STEPS+=("$(printf '%5d s  %s' $((SECONDS - begun)) "$name")")
}
STEPS=()

# report: the times of all steps.
report() {
    [ ${#STEPS[@]} -eq 0 ] || printf '%s\n' "${STEPS[@]}"
}

# quietly NAME COMMAND...: runs it with its output in a log; says every 30 s that it is still at it, and shows the log's end if it fails.
quietly() {
    local name=$1 begun=$SECONDS log pid next=30
    shift
    mkdir -p "$LOGS"
    log=$LOGS/$(printf '%s' "$name" | tr -cs 'A-Za-z0-9.' '-').log
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if [ $((SECONDS - begun)) -ge $next ]; then
            say "   … $name, $((SECONDS - begun)) s so far: $(tail -n 1 "$log" | cut -c1-100)"
            next=$((next + 30))
        fi
    done
    if wait "$pid"; then
        say "   $name: done in $((SECONDS - begun)) s"
    else
        tail -n 25 "$log" >&2
        say "   $name: failed after $((SECONDS - begun)) s; the whole log is $log" >&2
        return 1
    fi
}

# as_root COMMAND...: runs it as root if that is possible without a question.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
    [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}

# find_chromium: prints the browser that tests drive.
find_chromium() {
    if [ -n "${CHROMIUM:-}" ]; then
        printf '%s\n' "$CHROMIUM"
        return
    fi
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if have "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# find_postgres: prints the folder with initdb and pg_ctl; the newest if Debian has several.
find_postgres() {
    local folder
    folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$folder" ] && [ -x "$folder/initdb" ]; then
        printf '%s\n' "$folder"
    elif have initdb && have pg_ctl; then
        dirname "$(command -v initdb)"
    else
        return 1
    fi
}

# locked_version CRATE: the version in Cargo.lock.
locked_version() {
    awk -v want="name = \"$1\"" '$0 == want { getline; gsub(/version = |"/, ""); print; exit }' "$ROOT/Cargo.lock"
}

# tied COMMAND...: runs it so that it ends with this script, even if the script is killed. In place of the calling (sub)shell.
tied() {
    if have setpriv; then exec setpriv --pdeathsig TERM "$@"; else exec "$@"; fi
}

# wait_for URL SECONDS: until it answers.
wait_for() {
    local url=$1 left=$(($2 * 5)) host port
    host=${url#http://}
    host=${host%%/*}
    port=${host##*:}
    host=${host%%:*}
    while [ $left -gt 0 ]; do
        if (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; then
            return 0
        fi
        sleep 0.2
        left=$((left - 1))
    done
    return 1
}
