#!/usr/bin/env bash
# Print a Python of version 3.11 or newer that can make a virtual environment.
set -euo pipefail

find_python() {
  for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

find_python && exit 0
# Debian keeps `venv` in a package of its own.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq python3 python3-venv; } >/dev/null || true
  find_python && exit 0
fi
cat >&2 <<'END'
No Python 3.11 or newer with the modules venv and ensurepip was found. Install one, for example:
  Debian, Ubuntu:  sudo apt-get install -y python3 python3-venv
  Fedora:          sudo dnf install -y python3.12
  macOS:           brew install python@3.12
or name it: make run PYTHON=/path/to/python3
END
exit 1
