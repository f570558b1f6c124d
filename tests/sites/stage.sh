# Sourced by tests/sites/moderate and read-article: a screen that nobody sees, the real desk on it, and what WordPress itself says.
# Everything waits for a condition and fails loudly when it does not come; nothing here decides what is right.

SHOTS=$PWD/target/sites/shots
GREENROOM=${GREENROOM_BIN:-$PWD/target/debug/greenroom}
wordpress=$PWD/tests/sites/wordpress.sh
home=$("$wordpress" home)
access=$home/run/access.log
deeds=$home/run/deeds.log

work=$(mktemp -d)
started=()
cleanup() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  trap - ERR
  echo "FAILED: $*" >&2
  shot failed 2>/dev/null || true
  greenroom outbox 2>/dev/null | head -20 | sed 's/^/  outbox: /' >&2 || true
  tail -20 "$work/desk.log" 2>/dev/null | sed 's/^/  desk: /' >&2 || true
  exit 1
}
trap 'fail "line $LINENO of ${BASH_SOURCE[0]}: $BASH_COMMAND"' ERR

# Repeats a check until it holds. $1: seconds at most, $2: what is waited for.
wait_for() {
  local secs=$1 what=$2 until=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < until)) || fail "$what: not within $secs s"
    sleep 0.1
  done
}

same() { [[ $1 == "$2" ]] || fail "$3: $1, not $2"; }

# ── the site ──

sql() { "$wordpress" sql "$1"; }
password() { sed -n "s/^$1://p" "$home/creds"; }
status_of() { sql "SELECT comment_approved FROM wp_comments WHERE comment_ID=$1"; }
pending_there() { sql "SELECT comment_ID FROM wp_comments WHERE comment_approved='0'" | sort -n; }

# Every comment with all that a moderator must not change, in bytes. Markup that a visitor could never have sent is cleaned
# by WordPress whenever it writes a comment.
snapshot() {
  sql "SELECT comment_ID, comment_approved, HEX(comment_author_IP), HEX(comment_agent), comment_type, comment_date,
       comment_date_gmt, IF(comment_author='Odd raw markup', '', MD5(comment_content)), comment_parent
       FROM wp_comments ORDER BY comment_ID"
}

# What the test site's plugin does to its answers.
mischief() {
  sql "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('greenroom_mischief', '$1', 'yes')
       ON DUPLICATE KEY UPDATE option_value='$1'"
}

# Another moderator, over the same REST API. $1: comment, $2: status.
colleague() {
  curl --silent --show-error --fail --output /dev/null --user "mod2:$(password mod2)" \
    --data "status=$2" "$address/wp-json/wp/v2/comments/$1"
}

# The comment of every change of a status that mod1 made.
changes() { awk '$4 == "mod1" {print $1}' "$deeds"; }
changes_of() { changes | grep -cx "$1" || true; }

# The comment of every request that decides on one, whoever sent it: REST's, then XML-RPC's.
requests() {
  sed -nE 's/.*"(POST|PUT|PATCH|DELETE) \/wp-json\/wp\/v2\/comments\/([0-9]+).*/\2/p' "$access"
  cat "$home/run/xmlrpc.log"
}
requests_on() { requests | grep -cx "$1" || true; }

# ── the desk ──

greenroom() { "$GREENROOM" --data "$work/data" "$@"; }
pending_here() { greenroom list --json | jq -r '.comments[].id' | cut -d: -f2 | sort -n; }
# Newest decisions first within open and settled ones.
outbox() { greenroom outbox --json | jq -r '.[] | [(.id | split(":")[1]), .verb, .state] | @tsv'; }
decisions() { outbox | wc -l; }
has_more_than() { (($(decisions) > $1)); }
state_of() { outbox | awk -v id="$1" '$1 == id {print $3; exit}'; }
is_in_state() { [[ $(state_of "$1") == "$2" ]]; }
is_settled() { ! outbox | grep -qE 'held|queued|sending'; }
agree() { cmp -s <(pending_here) <(pending_there); }

# ── the window ──

shot() { import -window root "$SHOTS/$1.png"; }
# A picture of nothing has a handful of colours.
drawn() { [[ $(import -window root -format %k info:) -gt 60 ]]; }

# The first number that Xvfb itself finds free: it says so once it listens, or ends.
open_screen() {
  local n screen
  ready_or_gone() { [[ -s $work/display ]] || ! kill -0 "$screen" 2>/dev/null; }
  for n in $(seq 71 99); do
    : >"$work/display"
    Xvfb ":$n" -displayfd 3 -screen 0 1440x900x24 +extension GLX -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
    screen=$!
    wait_for 20 "a screen" ready_or_gone
    if [[ -s $work/display ]]; then break; fi
  done
  started+=("$screen")
  export DISPLAY=:$n LIBGL_ALWAYS_SOFTWARE=1
  unset WAYLAND_DISPLAY
  openbox 2>/dev/null &
  started+=($!)
  wait_for 20 "a window manager" sh -c 'wmctrl -m >/dev/null 2>&1'
}

is_open() {
  kill -0 "$desk" 2>/dev/null || fail "the desk ended"
  xdotool search --onlyvisible --pid "$desk" >"$work/window" 2>/dev/null
}

open_window() {
  greenroom_window >>"$work/desk.log" 2>&1 &
  desk=$!
  started+=("$desk")
  wait_for 60 "the window" is_open
  xdotool windowactivate --sync "$(head -n 1 "$work/window")"
  wait_for 60 "a first picture" drawn
  # The first card must have been on screen for a moment before a key counts.
  sleep 3
}
greenroom_window() { GREENROOM_LOG=info exec "$GREENROOM" --data "$work/data"; }

window_ended() { ! kill -0 "$desk" 2>/dev/null; }

# The window manager's own request to close, as a click on its button makes.
close_window() {
  wmctrl -i -c "$(head -n 1 "$work/window")"
  wait_for 20 "the end of the desk" window_ended
  wait "$desk" || fail "the desk ended with code $?"
}

kill_window() {
  kill -KILL "$desk"
  wait "$desk" 2>/dev/null || true
}

# One decision by key. It counts once it is on disk; its comment is then in $decided.
decide() {
  local known
  known=$(decisions)
  outbox | cut -f1 | sort >"$work/known"
  xdotool key --clearmodifiers "$1"
  wait_for 10 "a decision by the key $1" has_more_than "$known"
  decided=$(outbox | cut -f1 | sort | comm -13 "$work/known" - | head -1)
  # The next comment must be on screen for a moment before a key counts.
  sleep 0.3
}

decide_all() {
  local key
  for key in "$@"; do decide "$key"; done
}
