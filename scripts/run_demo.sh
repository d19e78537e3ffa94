#!/usr/bin/env bash
# Open the demo in the window; where there is no screen, do the same job without one.
# Usage: run_demo.sh BIN, the folder with the environment's programs.
set -euo pipefail
bin=$1
here=$(dirname "$0")

qt_works=yes
bash "$here/setup_qt.sh" "$bin/python" || qt_works=no

has_screen() {
  case "$(uname -s)" in
    Linux) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ;;
    *) true ;;
  esac
}

if has_screen; then
  [ "$qt_works" = yes ] || exit 1
  if "$bin/python" "$here/probe_qt.py" --screen; then
    exec "$bin/cascadeclip-gui" --demo
  fi
  echo "The screen named by DISPLAY or WAYLAND_DISPLAY does not answer."
fi

echo "No screen here: the same job without a window."
demo=build/demo
[ -f "$demo/project.db" ] || "$bin/cascadeclip" demo "$demo" --truth
"$bin/cascadeclip" prelabel "$demo" --accept-above 0.5
"$bin/cascadeclip" export "$demo" --format coco --out "$demo/annotations.json"
"$bin/cascadeclip" render "$demo" first --out "$demo/masks.png"
echo
echo "Project:           $demo"
echo "COCO file:         $demo/annotations.json"
echo "Picture of masks:  $demo/masks.png"
