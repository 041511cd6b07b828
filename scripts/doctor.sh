#!/bin/sh
# Says in plain words what a machine lacks for building dyad, and how to get it.
missing=0
lacks() {
    echo "dyad needs $1, which is not on this machine. $2" >&2
    missing=1
}
# The first number of a version that is too old, or nothing.
older() { # command wanted-major wanted-minor
    have=$($1 --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/')
    set -- "$2" "$3" $have
    [ "${3:-0}" -lt "$1" ] || { [ "${3:-0}" -eq "$1" ] && [ "${4:-0}" -lt "$2" ]; }
}
for tool in "$@"; do
    case $tool in
    cargo)
        if ! command -v cargo >/dev/null 2>&1; then
            lacks "the Rust toolchain (cargo)" "Install it from https://rustup.rs, then open a new terminal."
        elif older cargo 1 90; then
            lacks "Rust 1.90 or newer" "Run: rustup update stable"
        fi ;;
    cc)
        command -v cc >/dev/null 2>&1 || lacks "a C compiler (cc, for SQLite)" \
            "Debian and Ubuntu: apt-get install gcc libc6-dev. Fedora: dnf install gcc. macOS: xcode-select --install" ;;
    node)
        if ! command -v node >/dev/null 2>&1; then
            lacks "Node.js 20 or newer (for the explorer's pages)" "Install it from https://nodejs.org or your package manager."
        elif older node 20 0; then
            lacks "Node.js 20 or newer" "The one here is $(node --version); update it from https://nodejs.org."
        fi ;;
    npm)
        command -v npm >/dev/null 2>&1 || lacks "npm" "It comes with Node.js from https://nodejs.org; on Debian: apt-get install npm." ;;
    esac
done
exit $missing
