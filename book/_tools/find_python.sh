#!/bin/sh
# Print the Python to make the environment with: 3.11 or newer, with venv where there is a choice.
best=
for python in python3.11 python3 python3.12 python3.13 python3.14 python; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$python"
        exit 0
    fi
    best=${best:-$python}
done
if [ -z "$best" ]; then
    echo "No Python 3.11 or newer was found. On Debian 12 or Ubuntu: apt install python3 python3-venv;" >&2
    echo "elsewhere: https://www.python.org/downloads. Then run the same command again." >&2
    exit 1
fi
echo "$best"
