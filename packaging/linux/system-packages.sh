#!/bin/sh
# Check the Debian packages that Qt ("run") or the tests ("test") need. As root they are installed,
# else one line names the command. On other systems nothing is checked.
set -eu
purpose=${1:-run}
command -v dpkg-query >/dev/null 2>&1 || exit 0

window="libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libdbus-1-3 libfontconfig1"
tests="xvfb xauth openbox xdotool trayer curl openssl iproute2 libnss3-tools strace fonts-dejavu-core
    chromium nginx-light systemd wrk zsh fish mandoc man-db dbus-daemon at-spi2-core libglib2.0-bin nftables"

case $purpose in
run)
    # Without a display it serves headless, and Qt is not loaded.
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || exit 0
    wanted=$window
    ;;
*) wanted="$window $tests" ;;
esac

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing Debian packages:$missing"
    # shellcheck disable=SC2086  # a list of words
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif [ "$purpose" = run ]; then
    echo "The window needs system packages. Run: sudo apt install$missing" >&2
    exit 1
else
    echo "Some tests will be skipped for want of system packages. Run: sudo apt install$missing" >&2
fi
