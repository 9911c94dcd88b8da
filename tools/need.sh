#!/bin/sh
# Says in one sentence what is missing to make the environment, and stops. $1: the Python to use.
python=$1
if ! command -v "$python" >/dev/null 2>&1; then
  echo "Python 3.11 or newer is missing. On Debian or Ubuntu: apt install python3 python3-venv" >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Python 3.11 or newer is needed; $("$python" --version) was found. Name another with: make PYTHON=python3.12 run" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2
  exit 1
fi
