#!/usr/bin/env bash
# Makes sure that what Tare needs is here, and installs what is missing when it may: as root on a Debian-like system, and after a yes where somebody
# sits at a terminal. Otherwise it says exactly what to run, and ends with 3. CI=true and TARE_SETUP=yes say yes before, TARE_SETUP=no says no.
# With CI=true it becomes root by sudo where that asks for no password.
#
#   setup.sh containers npm packages and Docker
#   setup.sh engines    the same, QEMU and what the guest kit is made with
#   setup.sh window     the same, and the libraries of a desktop window
#   setup.sh tests      the same, and what the tests drive the window and the engines with
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-engines}

say() { printf 'tare setup: %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }
# What changes the computer is named, with what undoes it. Whoever sits at a terminal is asked first; where nobody does, starting this was the yes.
agreed() { # WHAT UNDOING
  if [ "${TARE_SETUP:-}" = no ]; then return 1; fi
  if [ "${CI:-}" = true ] || [ "${TARE_SETUP:-}" = yes ] || [ ! -t 0 ] || [ ! -t 2 ]; then
    say "$1. To undo it: $2"
    return
  fi
  local answer
  printf 'tare setup: %s?\n    To undo it: %s\n    [y/N] ' "$1" "$2" >&2
  read -r answer && [[ $answer =~ ^[Yy]([Ee][Ss])?$ ]]
}
library() { [ -n "$(find /usr/lib /lib -name "$1*" -print -quit 2>/dev/null)" ]; }

case "$(uname -m)" in
  aarch64) qemu=qemu-system-aarch64 qemu_package=qemu-system-arm ;;
  *) qemu=qemu-system-x86_64 qemu_package=qemu-system-x86 ;;
esac

packages=()
need() { has "$1" || packages+=("${@:2}"); }
# A Docker elsewhere (DOCKER_HOST, a context, Podman's socket) is as good as one here.
[ -n "${DOCKER_HOST:-}" ] || need dockerd docker.io
need docker docker-cli
# BuildKit; without it the engine's classic builder has to do.
docker buildx version >/dev/null 2>&1 || packages+=(docker-buildx)
if [ "$what" != containers ]; then
  need "$qemu" "$qemu_package"
  need mkfs.erofs erofs-utils
  need cc gcc libc6-dev
  need xz xz-utils
  need zstd zstd
  need cpio cpio
fi
if [ "$what" = window ] || [ "$what" = tests ]; then
  library libgtk-3.so.0 || packages+=(libgtk-3-0t64)
  library libnss3.so || packages+=(libnss3)
  library libgbm.so.1 || packages+=(libgbm1)
  library libasound.so.2 || packages+=(libasound2t64)
fi
if [ "$what" = tests ]; then
  need chromium chromium
  need Xvfb xvfb xauth
  need mmdebstrap mmdebstrap
  need make make
  need flex flex
  need bison bison
  need bc bc
  [ -e /usr/include/gelf.h ] || packages+=(libelf-dev)
  need mke2fs e2fsprogs
  need crun crun
  need runsc runsc
  need sqfstar squashfs-tools
  need ip iproute2
  # The registry that pulls and pushes are tested against, and what it is locked with.
  need docker-registry docker-registry
  need htpasswd apache2-utils
  need openssl openssl
  docker compose version >/dev/null 2>&1 || packages+=(docker-compose)
  # What stands for another host.
  need sshd openssh-server
  # What exported PDFs are read with, and what the package is packed with.
  need pdftotext poppler-utils
  need 7za 7zip
  need dh debhelper
  need rpmbuild rpm
  need lintian lintian
  # The shells that completion is tested in.
  need zsh zsh
  need fish fish
  # The second engine that the tests of containers run against; netavark needs nft.
  need podman podman netavark aardvark-dns nftables runc
  [ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ] || packages+=(fonts-wqy-microhei)
fi

# how root is become; fails where it cannot be
as_root=()
may_be_root() {
  [ "$(id -u)" = 0 ] && return
  [ "${CI:-}" = true ] && sudo -n true 2>/dev/null && as_root=(sudo -n --preserve-env=DEBIAN_FRONTEND)
}
export DEBIAN_FRONTEND=noninteractive

if [ ${#packages[@]} -gt 0 ]; then
  if may_be_root && has apt-get &&
    agreed "install the Debian packages ${packages[*]}" "apt-get purge ${packages[*]} && apt-get autoremove"; then
    # One mirror list may fail to load while the packages themselves are there: the install decides.
    "${as_root[@]}" apt-get update -qq || true
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
  else
    say "some system packages are missing. Run this as root, then try again:"
    printf '    apt-get update; apt-get install -y --no-install-recommends %s\n' "${packages[*]}" >&2
    exit 3
  fi
fi

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing npm packages"
  npm ci --no-audit --no-fund --loglevel error >&2
  touch node_modules/.package-lock.json
fi

docker_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
start_docker() {
  if [ -d /run/systemd/system ]; then
    agreed 'start Docker (it makes the bridge docker0 and rules of the firewall)' \
      'systemctl stop docker docker.socket; ip link delete docker0' || return
    systemctl start docker
  else
    agreed 'start dockerd, whose log is /var/log/dockerd.log (it makes the bridge docker0 and rules of the firewall)' \
      'kill $(cat /var/run/docker.pid); ip link delete docker0' || return
    pgrep -x dockerd >/dev/null || rm -f /var/run/docker.pid
    setsid nohup dockerd >/var/log/dockerd.log 2>&1 </dev/null &
  fi
  for _ in $(seq 60); do
    docker_answers && break
    sleep 0.5
  done
}
if ! docker_answers && [ -z "${DOCKER_HOST:-}" ] && [ "$(id -u)" = 0 ]; then start_docker || true; fi
if ! docker_answers; then
  say "Docker does not answer. Run 'tare doctor' (or: node dist/main/cli.cjs doctor) to see what was tried."
fi
