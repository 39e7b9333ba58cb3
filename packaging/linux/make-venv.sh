#!/bin/sh
# Make the virtual environment with uv in it. Usage: make-venv.sh PYTHON DIRECTORY
set -eu
python=$1
venv=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Cheeseboard needs Python 3.11 or newer, and \"$python\" isn't there." \
        "Install it, or name yours: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Cheeseboard needs Python 3.11 or newer; this is $("$python" --version)." \
        "Name another: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import uv' 2>/dev/null; then
    exit 0
fi
# Debian ships venv without pip's installer in a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null
    else
        echo "Python can't make virtual environments here yet. Run: sudo apt install python$version-venv" >&2
        exit 1
    fi
fi
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
