#!/bin/sh
# Says in one sentence what is missing to make the environment, and stops. $1: the Python to use.
python=$1
stop() { # $1 in English, $2 in French, where the terminal is
  case "${LC_ALL:-${LC_MESSAGES:-$LANG}}" in
    [fF][rR]*) echo "$2" >&2 ;;
    *) echo "$1" >&2 ;;
  esac
  exit 1
}
if ! command -v "$python" >/dev/null 2>&1; then
  stop "$python was not found: Python 3.11 or newer is needed. On Debian or Ubuntu: apt install python3 python3-venv" \
    "$python est introuvable : il faut Python 3.11 ou plus récent. Sur Debian ou Ubuntu : apt install python3 python3-venv"
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  version=$("$python" --version 2>&1)
  stop "Python 3.11 or newer is needed, and $python is $version. If a newer one is installed, name it: make PYTHON=python3.12 run" \
    "Il faut Python 3.11 ou plus récent, et $python est $version. Si un plus récent est installé, nommez-le : make PYTHON=python3.12 run"
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  name=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  stop "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv (or $name)" \
    "Le module venv de Python manque. Sur Debian ou Ubuntu : apt install python3-venv (ou $name)"
fi
