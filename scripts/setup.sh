#!/usr/bin/env bash
# Sets up what building, running and testing Xitai needs, and nothing that is there already. Safe to run again.
#
#   scripts/setup.sh demo    a compiler for wasm, Python and Node.js, for the demo's own programs
#   scripts/setup.sh test    that, and what the tests drive: Chromium, PostgreSQL
#   scripts/setup.sh docs    mdBook, in target/tools, for the documentation's site
set -euo pipefail
cd "$(dirname "$0")/.."

purpose="${1:-test}"
target=wasm32-unknown-unknown
mdbook=0.5.4

say() { printf '\033[1m[set-up]\033[0m %s\n' "$*"; }
fail() {
    printf '[set-up] %s\n' "$1" >&2
    printf '      -> %s\n' "$2" >&2
    exit 1
}

# rustup puts cargo here; a new shell may not have it in its path yet.
export PATH="$HOME/.cargo/bin:$PATH"
command -v cargo > /dev/null || fail "Rust is not installed." "Install it from https://rustup.rs and run this again."
command -v cc > /dev/null || fail "No C compiler was found; the embedded database needs one." "Install gcc."

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        fail "Installing packages needs root." "Run as root, or install sudo."
    fi
}

# Installs those of the named Debian packages that are missing, under what they are for.
packages() {
    local purpose="$1" missing=()
    shift
    command -v dpkg-query > /dev/null || fail "$purpose needs: $*" "Install them; this is no Debian machine."
    for package in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed'; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} = 0 ]; then
        return
    fi
    say "$purpose: installing ${missing[*]}"
    if [ -z "${refreshed:-}" ]; then
        as_root apt-get update -qq
        refreshed=1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

has_target() { [ -d "$(rustc --print target-libdir --target $target 2> /dev/null)" ]; }

say "Rust: $(rustc --version)"
if [ "$purpose" = docs ]; then
    # Without the parts that serve and watch, it compiles in a minute or two; later runs find it.
    if ! target/tools/bin/mdbook --version 2> /dev/null | grep -q "v$mdbook\$"; then
        say "Documentation: installing mdBook $mdbook"
        cargo install --quiet --locked --root target/tools --version "$mdbook" \
            --no-default-features --features search mdbook
    fi
    say "Documentation: $(target/tools/bin/mdbook --version)"
    exit 0
fi
if has_target; then
    say "Compiler for wasm: rustup's"
elif command -v rustup > /dev/null && timeout 60 rustup target add $target > /dev/null 2>&1 && has_target; then
    say "Compiler for wasm: rustup's, just installed"
else
    packages "Compiler for wasm" rustc-web cargo-web rust-web-src lld-19
    say "Compiler for wasm: $(/usr/bin/rustc --version), from Debian's rustc-web"
fi

packages "Programs in Python" python3 python3-venv
# Where another Python comes first in the path, it is the one that builds.
python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2> /dev/null \
    || fail "$(command -v python3) is not 3.10 with its venv module." "Let Debian's python3 come first in the path."
command -v npm > /dev/null || fail "npm was not found; programs in JavaScript need it." "Install Node.js 20 with npm."

if [ "$purpose" = test ]; then
    packages "Browser for the tests" chromium chromium-driver fonts-noto-cjk
    packages "Database for the tests" postgresql
    packages "Other days for the tests" faketime
    # At exactly the version that tests/tools/package-lock.json names, which says what is installed already too.
    if ! cmp -s tests/tools/package-lock.json tests/tools/node_modules/.xitai-lock; then
        say "What the tests bring into the browser: installing it"
        npm ci --prefix tests/tools --silent --no-audit --no-fund
        cp tests/tools/package-lock.json tests/tools/node_modules/.xitai-lock
    fi
    say "Browser: $(chromium --version 2> /dev/null | head -n 1)"
    say "PostgreSQL: $(ls /usr/lib/postgresql 2> /dev/null | sort -n | tail -n 1)"
fi
say "Ready."
