#!/usr/bin/env bash
# Build and test the committed project in a Debian root that has Python and make, and nothing else.
#
#   make bare                  in the Debian of this machine
#   make bare SUITE=trixie     in another one
#
# The root is entered with an empty environment, as a user whose home is not there, in a folder with
# spaces and accents, with variables that mean nothing, no standard input, no terminal, and the
# signals of a terminal ignored, as background jobs have them. The second report is made with no
# network, two years later, and is to be the same bytes. What package managers are told of their
# registries is copied from this machine and never shown.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "bare: $1" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || fail "root is needed, to make a Debian root and to enter it"
for tool in git mmdebstrap python3 unshare; do
  command -v "$tool" >/dev/null || fail "$tool is missing (Debian: apt install git mmdebstrap python3 util-linux)"
done

. /etc/os-release
suite=${1:-$VERSION_CODENAME}
root=$(mktemp -d --tmpdir dmp-bare.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM
reader=4242
folder="/srv/thèse d’exercice/le dépôt"

started=$SECONDS
step() { # what was done
  echo "bare: $1 ($((SECONDS - started)) s)"
  started=$SECONDS
}

enter() { # a further namespace or "", the user, then a command: run it in the root
  local namespace=$1 user=$2
  shift 2
  unshare --mount --pid --fork --kill-child $namespace bash -c '
    root=$1 user=$2; shift 2
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev/shm"
    trap "" INT HUP
    umask 077
    exec setsid chroot --userspec="$user:$user" "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
  ' bash "$root" "$user" "$@" <&-
}

hostile=(
  "LANG=C" "TZ=Pacific/Kiritimati" "MPLBACKEND=nonsense" "MPLCONFIGDIR=/proc/nonsense"
  "PYTHONPATH=/nonexistent" "PYTHONWARNINGS=error" "XDG_CACHE_HOME=/proc/nonsense"
)

sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
  [ ! -s "$file" ] || sources+=("$file")
done
mkdir "$root.apt"
trap 'rm -rf --one-file-system "$root" "$root.apt"' EXIT
for file in "${sources[@]}"; do
  sed "s/\b$VERSION_CODENAME\b/$suite/g" "$file" >"$root.apt/$(basename "$file")"
done
mmdebstrap --quiet --variant=minbase --include=ca-certificates,make,python3,python3-venv \
  --setup-hook='mkdir -p "$1/etc/apt"; cp -a /etc/apt/auth.conf.d "$1/etc/apt/" 2>/dev/null || true' \
  "$suite" "$root" ${sources:+"$root.apt"/*} >"$root.apt/log" 2>&1 || fail "no root of $suite could be made"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
python3 - "$root/etc/pip.conf" <<'PYTHON'
import ast, subprocess, sys
kept = {"index-url", "extra-index-url", "trusted-host", "proxy", "cert", "client-cert", "timeout"}
told = subprocess.run(["python3", "-m", "pip", "config", "list"], capture_output=True, text=True)
settings = (line.partition("=") for line in told.stdout.splitlines())
values = {name.rpartition(".")[2]: ast.literal_eval(value) for name, _, value in settings}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    print("[global]", file=file)
    for name in kept & values.keys():
        if not values[name].startswith("file:"):
            print(f"{name} = {values[name]}", file=file)
PYTHON
mkdir -p "$root$folder"
git clone --quiet --no-hardlinks . "$root$folder"
[ ! -d ../shared ] || cp -r ../shared "$(dirname "$root$folder")/shared"
chown -R "$reader:$reader" "$(dirname "$root$folder")"
step "a root of $suite with $(chroot "$root" python3 --version)"

digests() { (cd "$root$folder/_book" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

enter "" "$reader" "${hostile[@]}" make --no-print-directory -C "$folder" report
digests >"$root.apt/first"
step "make report"

enter "" 0 DEBIAN_FRONTEND=noninteractive bash -c \
  'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium libfaketime poppler-utils' \
  >"$root.apt/log" 2>&1 || fail "what the browser tests need could not be installed"
step "a browser and a clock"

enter --net "$reader" "${hostile[@]}" TZ=America/Adak \
  LD_PRELOAD="$(chroot "$root" bash -c 'echo /usr/lib/*/faketime/libfaketime.so.1')" FAKETIME=+2y \
  make --no-print-directory -C "$folder" report
digests >"$root.apt/second"
diff "$root.apt/first" "$root.apt/second" || fail "the second report is not the same bytes"
step "make report again, the same bytes: no network, two years later"

enter "" "$reader" "${hostile[@]}" CI="${CI:-}" make --no-print-directory -C "$folder" test |
  tee "$root.apt/tests"
! grep -E '[0-9]+ skipped' "$root.apt/tests" || fail "a test was skipped"
step "make test, nothing skipped"
