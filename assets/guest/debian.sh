#!/bin/sh
# Runs a script of this folder inside a fresh Debian container, on systems that have no apt-get of their own.
#   debian.sh SCRIPT TOOL…
# The TOOLs are installed in the container first; it is thrown away afterwards. Sources are in /tare/sources, the result
# appears in /tare/output. Speaks as the script does.
set -eu
script=$1
shift
echo "@step tools debian"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends "$@" >&2
# What was installed is in the lists; the files of the packages would only take room.
apt-get clean
mkdir -p /tare/output
exec sh "/tare/sources/$script" /tare/sources /tare/output /tare/apt
