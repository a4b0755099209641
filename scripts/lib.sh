# Shared by the scripts beside it: source it, it changes to the root of the repository.
# Written for bash 3.2 (macOS) and up.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Go needs no C compiler here, and versions come from ldflags, not from git.
export CGO_ENABLED=${CGO_ENABLED:-0}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# at_least 1.26.8 1.21 → true when the first version is not older than the second.
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

need_go() {
    command -v go >/dev/null || die "Go is not installed. Install Go 1.21 or newer: https://go.dev/dl/"
    local version
    # Asked outside the module and of the installed Go only, so that nothing is downloaded for the question.
    version=$(cd / && GOTOOLCHAIN=local go env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*$//')
    [ -n "$version" ] || version=0
    at_least "$version" 1.21 ||
        die "Go $version is too old: 1.21 or newer is needed (it then fetches the version that go.mod names by itself): https://go.dev/dl/"
}

need_node() {
    command -v node >/dev/null || die "Node.js is not installed. Install Node 20.19 or newer: https://nodejs.org/"
    command -v npm >/dev/null || die "npm is not installed. It comes with Node.js: https://nodejs.org/"
    local version
    version=$(node --version | sed 's/^v//')
    at_least "$version" 20.19.0 || die "Node $version is too old: 20.19 or newer is needed: https://nodejs.org/"
}

# fingerprint PATH... prints a hash of the contents of files and folders.
fingerprint() { node scripts/fingerprint.mjs "$@"; }

# npm_install FOLDER [npm ci arguments] installs what the lock file says, only when it says something new.
npm_install() {
    local folder=$1 stamp=$1/node_modules/.tongbao-installed want
    shift
    want="$(node --version) $* $(fingerprint "$folder/package-lock.json")"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
        return
    fi
    say "installing packages of $folder"
    (cd "$folder" && npm ci --no-audit --no-fund --prefer-offline "$@" </dev/null >&2)
    printf '%s' "$want" >"$stamp"
}

# go_packages prints the module's packages: all, or those that a pattern of grep keeps.
# Packages that npm brought along are not ours. -e: a package that does not parse is listed too, and then fails.
go_packages() {
    go list -e ./... | grep -v /node_modules/ | grep "${@:-.}" || true
}

# version names this state of the code, for `tongbao version`.
version() {
    git describe --tags --always --dirty 2>/dev/null || echo dev
}
