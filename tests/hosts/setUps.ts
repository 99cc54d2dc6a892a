/** What makes a host of the base system: shell commands for root. They stop at the first that fails. */
import { user } from './base';

/** The commands of `lines`, as the hosts' user with his own systemd. */
const asUser = (lines: string): string =>
  `runuser -l ${user} -c ${quoted(
    `export XDG_RUNTIME_DIR=/run/user/$(id -u) DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus; set -ex; ${lines}`,
  )}`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The user's services run without a login of his, and he may give what the kernel accounts to them. */
const lingering = `
loginctl enable-linger ${user}
for try in $(seq 60); do test -S /run/user/1000/bus && break; sleep 1; done
`;

/**
 * The system's Docker for whoever is in its group; the user is in that of KVM too. It also listens on port 2376 to whom its own authority certified: for an engine
 * that is reached from elsewhere. The client's part lies in /etc/docker/client.
 */
export const systemDocker = (configuration: object): string => `
usermod --append --groups kvm ${user}
mkdir -p /etc/docker/client /etc/systemd/system/docker.service.d
cd /etc/docker
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=tare-hosts -keyout authority.key -out client/ca.pem
certify() { # NAME FOLDER EXTENSION
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$2/key.pem" -out "$1.csr"
  printf '%s\\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA client/ca.pem -CAkey authority.key -CAcreateserial -days 3650 -extfile "$1.ext" -out "$2/cert.pem"
}
certify server . 'subjectAltName=IP:127.0.0.1,DNS:localhost'
certify client client 'extendedKeyUsage=clientAuth'
cat >daemon.json <<'END'
${JSON.stringify({ ...configuration, tlsverify: true, tlscacert: '/etc/docker/client/ca.pem', tlscert: '/etc/docker/cert.pem', tlskey: '/etc/docker/key.pem' })}
END
cat >/etc/systemd/system/docker.service.d/tcp.conf <<'END'
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2376 --containerd=/run/containerd/containerd.sock
END
systemctl daemon-reload
systemctl enable docker
systemctl restart docker
docker info
`;

const noSystemDocker = `
systemctl disable --now docker.service docker.socket containerd.service
gpasswd --delete ${user} docker
`;

/** Docker's own tool looks for `docker` beside itself. */
export const rootlessDocker = `
${noSystemDocker}
ln -sf /usr/bin/docker /usr/share/docker.io/contrib/docker
${lingering}
${asUser(`
export PATH=$PATH:/usr/sbin:/sbin:/usr/share/docker.io/contrib
dockerd-rootless-setuptool.sh install --skip-iptables
systemctl --user enable --now docker
docker context use rootless
docker info`)}
`;

export const rootlessPodman = `
${noSystemDocker}
apt-get purge -y docker.io docker-buildx containerd
${lingering}
${asUser(`
systemctl --user enable --now podman.socket
podman info`)}
`;
