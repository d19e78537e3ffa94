#!/usr/bin/env bash
# See that the system libraries behind Qt are there; install them where that is allowed.
# Usage: setup_qt.sh PYTHON [--screen]. Exit code 1 when they are missing and were not installed.
# With --screen also what the tests with real keys and a mouse need; they are skipped without it.
set -euo pipefail
python=$1
packages="libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
  libxcb-xinerama0"
screen_packages="xvfb xdotool"

[ "$(uname -s)" = Linux ] || exit 0

works() {
  "$python" "$(dirname "$0")/probe_qt.py"
}

has_screen_tools() {
  command -v Xvfb >/dev/null 2>&1 && command -v xdotool >/dev/null 2>&1
}

# install WHAT PACKAGE...
install() {
  what=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root="sudo -n"
  else
    return 1
  fi
  command -v apt-get >/dev/null 2>&1 || return 1
  echo "Installing $what..."
  export DEBIAN_FRONTEND=noninteractive
  # No new lists are needed where the known ones still answer.
  $root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { $root apt-get update -qq && $root apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

# The lists of packages hold names without spaces: splitting them is wanted.
# shellcheck disable=SC2086
if [ "${2:-}" = --screen ] && ! has_screen_tools; then
  install "a screen for the tests" $screen_packages || true
  has_screen_tools || echo "Without $screen_packages the tests with real keys are skipped." >&2
fi
problem=$(works 2>&1) && exit 0
# shellcheck disable=SC2086
if install "the system libraries Qt needs" $packages; then
  problem=$(works 2>&1) && exit 0
fi
echo "Qt cannot start here: $(printf '%s' "$problem" | tail -n 1)" >&2
if command -v dnf >/dev/null 2>&1; then
  echo "Please type: sudo dnf install -y mesa-libEGL mesa-libGL fontconfig dbus-libs libxkbcommon-x11" \
    "xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm" >&2
else
  echo "Please type: sudo apt-get update && sudo apt-get install -y" $packages >&2
fi
exit 1
