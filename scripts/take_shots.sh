#!/usr/bin/env bash
# Take a picture of the real program showing the demo, on a screen of its own (Xvfb).
# Usage: take_shots.sh BIN [SECONDS], the wait before the picture.
set -euo pipefail
bin=$1
wait=${2:-25}
for tool in xvfb-run import; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "Please type: sudo apt-get install -y xvfb xauth imagemagick" >&2
    exit 1
  }
done
mkdir -p build/shots
export BIN=$bin WAIT=$wait QT_QPA_PLATFORM=xcb
xvfb-run -a -s "-screen 0 1280x800x24" bash -c '
  "$BIN/cascadeclip-gui" --demo & program=$!
  sleep "$WAIT"
  import -window root build/shots/demo.png
  kill "$program"; wait "$program" 2>/dev/null || true'
echo "Picture: build/shots/demo.png"
