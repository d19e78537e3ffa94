#!/usr/bin/env bash
# Take pictures of the real window in all its states into docs/screenshots, without a screen.
# Usage: take_shots.sh BIN [NAME ...]
set -euo pipefail
bin=$1
shift
exec "$bin/python" scripts/take_shots.py "$@"
