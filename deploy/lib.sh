# Shared by the scripts of this folder (sourced, not run): where things are, settings, processes.
# shellcheck shell=sh disable=SC3043 # Debian's policy: every /bin/sh knows `local`

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
umask 022
ulimit -c 0

ROOT=$(cd "$(dirname "$0")/.." && pwd -P)
[ ! -d "$ROOT/bin" ] || BUILD=${BUILD:-$ROOT} # installed
BUILD=$(realpath -m "${BUILD:-$ROOT/build}")
STATE_DIR=$(realpath -m "${STATE_DIR:-$ROOT/build/dev}")
ENV_FILE=$(realpath -m "${ENV_FILE:-$STATE_DIR/env}")
SETTINGS=$STATE_DIR/settings # what the programs of this stack run with; written by deploy/up
RUN_DIR=$STATE_DIR/run       # sockets; a link into $SHELTER when they need one
PG_DIR=$STATE_DIR/pg         # the private cluster; the same

# Socket paths end at 107 bytes, and as root other users must reach the sockets.
SHELTER=/var/tmp/ponte-$(id -u)-$(printf %s "$STATE_DIR" | sha256sum | cut -c1-12)

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
case $STATE_DIR in
*[!A-Za-z0-9._/@+-]*) fail "STATE_DIR may hold letters, digits and . _ - + @ only: $STATE_DIR" ;;
esac
is_root() { [ "$(id -u)" = 0 ]; }

# ---- settings: KEY=VALUE lines, taken literally -------------------------------------------------

# The value of a key in a file; nothing when it is not there.
value_in() { [ ! -f "$2" ] || sed -n "s/^$1=//p" "$2" | tail -n 1; }
is_in() { [ -f "$2" ] && grep -q "^$1=" "$2"; }

# Exports every line of a file.  Nothing is evaluated by the shell.
export_file() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    [A-Za-z_]*=*) case ${line%%=*} in *[!A-Za-z0-9_]*) ;; *) export "${line?}" ;; esac ;;
    esac
  done <"$1"
}

# Those of some names (a line each on stdin) that Ponte knows; with -v, that nothing reads.
known_settings() { { "$BUILD/bin/_settings" names | grep -x "$@" -f - /dev/fd/3 || :; } 3<&0; }

# Runs a command in an environment that holds only what is named here, without this shell's other
# descriptors (make's, a lock's): what runs on afterwards must not keep them open.
clean_exec() {
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="${HOME:-/}" \
    TZ=UTC LANG=C.UTF-8 ROOT="$ROOT" BUILD="$BUILD" STATE_DIR="$STATE_DIR" ENV_FILE="$ENV_FILE" \
    ${ASAN_OPTIONS+"ASAN_OPTIONS=$ASAN_OPTIONS"} ${UBSAN_OPTIONS+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} \
    ${LSAN_OPTIONS+"LSAN_OPTIONS=$LSAN_OPTIONS"} ${G_SLICE+"G_SLICE=$G_SLICE"} \
    "$@" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}
clean() { (clean_exec "$@"); }

# Runs a program of the build with the settings of this stack (or of ENV_FILE, before the first up).
run_tool() {
  local tool=$1 file=$SETTINGS
  shift
  [ -x "$BUILD/bin/$tool" ] || fail "$BUILD/bin/$tool is not built: run make"
  [ -f "$file" ] || file=$ENV_FILE
  [ -f "$file" ] || fail "no settings yet: run make up"
  (export_file "$file" && exec "$BUILD/bin/$tool" "$@")
}

# psql, logged in as the migrations do or as the programs do, with the settings in its environment.  A URL may hold a password, so it travels in a file, never in a
# command line.
psql_as() {
  local who=$1
  shift
  (umask 077 && {
    echo "[migrator]" && run_tool _migrate service
    echo "[program]" && program_connection
  } >"$STATE_DIR/service")
  (export_file "$SETTINGS" && export PGSERVICEFILE="$STATE_DIR/service" PGSERVICE="$who" &&
    exec psql -XqAt -v ON_ERROR_STOP=1 "$@")
}
psql_as_migrator() { psql_as migrator "$@"; }
psql_as_program() { psql_as program "$@"; }
program_connection() { (export_file "$SETTINGS" && MIGRATE_DATABASE_URL='' exec "$BUILD/bin/_migrate" service); }

# ---- programs -----------------------------------------------------------------------------------

# fin/erp/sync, sandbox:omie/api/v1/geral/clientes: the binary, and the name of its files
program_binary() {
  case $1 in
  sandbox:*) printf '%s\n' "$BUILD/sandbox/${1#sandbox:}" ;;
  *) printf '%s\n' "$BUILD/bin/$1" ;;
  esac
}
program_slug() { printf '%s\n' "$1" | tr '/:' '--'; }
program_socket() { printf '%s\n' "$RUN_DIR/$(program_slug "$1").sock"; }

# A route is a program whose name does not begin with _ (except _id, a place in a path, and _index,
# the route that has its folder's name).
route_names() {
  [ ! -d "$BUILD/bin" ] || (cd "$BUILD/bin" && find . -type f -perm -u+x | sed 's|^\./||' |
    awk -F/ '$NF !~ /^_/ || $NF == "_id" || $NF == "_index"' | LC_ALL=C sort)
}
sandbox_names() {
  [ ! -d "$BUILD/sandbox" ] || (cd "$BUILD/sandbox" && find . -type f -perm -u+x |
    sed 's|^\./|sandbox:|' | LC_ALL=C sort)
}

# ---- processes ----------------------------------------------------------------------------------
# $STATE_DIR/pids/NAME holds "pid start-time": a number that the system gave to somebody else
# meanwhile is never taken for ours.

start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
is_zombie() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | grep -q '^[ZX]'; }

remember() { printf '%s %s\n' "$2" "$(start_time "$2")" >"$STATE_DIR/pids/$1"; }

# The pid of a name, when that very process still runs.
pid_of() {
  local pid started
  [ -f "$STATE_DIR/pids/$1" ] || return 1
  read -r pid started <"$STATE_DIR/pids/$1" || return 1
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] && ! is_zombie "$pid" || return 1
  printf '%s\n' "$pid"
}

# Asks to stop, waits for as many seconds as given, then ends the whole process group.
stop_pid() {
  local name=$1 signal=$2 patience=$3 waited=0 quiet=9 begun now pid
  if pid=$(pid_of "$name"); then
    read -r begun _ </proc/uptime
    kill "-$signal" "$pid" 2>/dev/null || :
    while pid_of "$name" >/dev/null && [ "$waited" -le "$patience" ]; do
      [ "$waited" -le "$quiet" ] || { quiet=$patience && say "$name finishes what it has in hand" >&2; }
      sleep 0.05
      read -r now _ </proc/uptime
      waited=$((${now%.*} - ${begun%.*}))
    done
    ! pid_of "$name" >/dev/null || kill -KILL -- "-$pid" 2>/dev/null ||
      kill -KILL "$pid" 2>/dev/null || : # it ended by itself meanwhile
  fi
  rm -f "$STATE_DIR/pids/$name"
}

# A program finishes what it has in hand.  The longest is a token that only this process has: 30 s to
# get it, and twice ERP_TOKEN_WRITE_S to write it.  The sandbox has nothing to lose.
STOP_SECONDS=95
stop_program() {
  case $1 in
  sandbox-*) stop_pid "$1" TERM 20 ;;
  *) stop_pid "$1" TERM "$STOP_SECONDS" ;;
  esac
}

# Waits up to N seconds for a condition (a command).
wait_for() {
  local tries=$(($1 * 20))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.05
  done
}

# The last lines of a log, indented, on stderr.
show_log() {
  [ ! -s "$1" ] || { printf '  %s ends with:\n' "$1" && tail -n "${2:-8}" "$1" | sed 's/^/    /'; } >&2
}

# ---- places -------------------------------------------------------------------------------------

reachable_by() {
  ! is_root || setpriv --reuid="$1" --regid="$1" --init-groups --reset-env test -x "$2"
}

# Makes the folder $STATE_DIR/NAME: itself, or as a link into the shelter.
place() {
  local link=$STATE_DIR/$1
  if [ -z "$2" ]; then
    [ ! -L "$link" ] || rm "$link"
    mkdir -p "$link"
    return
  fi
  mkdir -p -m 0711 "$SHELTER"
  { [ -O "$SHELTER" ] && [ ! -L "$SHELTER" ]; } || fail "$SHELTER belongs to somebody else"
  mkdir -p "$SHELTER/$1"
  [ -L "$link" ] || rm -rf "$link"
  ln -sfn "$SHELTER/$1" "$link"
}

# Links are followed, because socket paths have to be short.
find_places() {
  RUN_DIR=$(realpath -m "$STATE_DIR/run")
  PG_DIR=$(realpath -m "$STATE_DIR/pg")
}

make_places() {
  local longest elsewhere=
  mkdir -p "$STATE_DIR/log" "$STATE_DIR/pids" "$STATE_DIR/tls" || fail "cannot make $STATE_DIR"
  longest=$({ route_names && sandbox_names; } | wc -L)
  if [ $((${#STATE_DIR} + longest + 12)) -gt 107 ] || ! reachable_by www-data "$STATE_DIR" ||
    ! reachable_by postgres "$STATE_DIR"; then
    elsewhere=yes
  fi
  place run "$elsewhere"
  [ -e "$STATE_DIR/pg/data" ] || place pg "$elsewhere" # a cluster stays where it is
  find_places
}

find_places

# Stops all programs of the stack, side by side.
stop_programs() {
  local file
  for file in "$STATE_DIR"/pids/*; do
    case ${file##*/} in '*' | nginx) ;; *) stop_program "${file##*/}" & ;; esac
  done
  wait
}
