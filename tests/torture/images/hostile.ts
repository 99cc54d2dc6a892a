/** The table of hostile images: each is a small web server with something in it that no honest image has. */
import type { Entry } from './tar';

export interface HostileImage {
  name: string;
  entries?: Entry[];
  /** instructions of a Dockerfile, as `docker import --change` takes them */
  changes?: string[];
  /** whether it can still serve its page; default: it can */
  serves?: false;
}

const mebibyte = 1024 ** 2;
const text = (content: string): Buffer => Buffer.from(content);
const file = (name: string | Buffer, content = 'x', more: Partial<Entry> = {}): Entry => ({
  name,
  content: text(content),
  ...more,
});
const folder = (name: string): Entry => ({ name, type: '5', mode: 0o755 });
const symlink = (name: string, link: string): Entry => ({ name, type: '2', link });
const hardLink = (name: string, link: string): Entry => ({ name, type: '1', link });
const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** `path/` for each step of a path, so that an archive has all its folders. */
const chain = (depth: number): Entry[] => many(depth, (at) => folder('d/'.repeat(at + 1)));

export const hostileImages: HostileImage[] = [
  {
    name: 'names with newlines',
    entries: [file('a\nb'), file('x\n/etc/shadow\n'), folder('new\nline/'), file('new\nline/f')],
  },
  {
    name: 'names that begin with a dash',
    entries: [file('-rf'), file('--help'), file('-'), folder('--checkpoint-action=exec=sh/')],
  },
  {
    name: 'control characters and terminal escapes in names',
    entries: [file('\u001b]0;owned\u0007'), file('\u0001\u0002\u007f'), file('\u001b[2J')],
  },
  {
    name: 'names that are no UTF-8',
    entries: [file(Buffer.from([0x66, 0xff, 0xfe, 0x80])), file(Buffer.from([0xc0, 0xaf, 0xc0, 0xaf]))],
  },
  {
    name: 'absolute names',
    entries: [file('/etc/absolute'), file('//tmp//absolute'), file('/www/../www/absolute')],
  },
  {
    name: 'names that lead out',
    entries: [file('../../../../tmp/tare-torture-out'), file('www/../../../../tmp/tare-torture-out')],
    serves: false,
  },
  {
    name: 'hard links that lead out',
    entries: [hardLink('passwd', '../../../../../../etc/passwd'), hardLink('shadow', '/etc/shadow')],
    serves: false,
  },
  {
    name: 'symbolic links that lead out, in the place of folders',
    entries: [symlink('etc', '/../../../../etc'), symlink('tmp', '/'), symlink('root', '../../../../root')],
  },
  {
    name: 'a file written through a symbolic link',
    entries: [symlink('out', '../../../../../../tmp'), file('out/tare-torture-out')],
    serves: false,
  },
  { name: 'a chain of symbolic links', entries: many(2000, (at) => symlink(`s${at}`, `s${at + 1}`)) },
  {
    name: 'symbolic links in a circle',
    entries: [symlink('a', 'b'), symlink('b', 'a'), symlink('etc', 'etc'), symlink('lib', 'lib/lib')],
  },
  {
    name: 'device nodes for everybody',
    entries: [
      { name: 'mem', type: '3', device: [1, 1], mode: 0o666 },
      { name: 'disk', type: '4', device: [254, 0], mode: 0o666 },
      { name: 'null', type: '3', device: [1, 3], mode: 0o666 },
    ],
  },
  {
    name: 'fifos in the place of account files',
    entries: [
      folder('etc/'),
      { name: 'etc/passwd', type: '6' },
      { name: 'etc/group', type: '6' },
      { name: 'etc/resolv.conf', type: '6' },
    ],
  },
  { name: 'a hundred thousand files', entries: many(100_000, (at) => file(`many/${at % 100}/${at}`, '')) },
  { name: 'a thousand folders deep', entries: [...chain(1000), file(`${'d/'.repeat(1000)}f`)] },
  {
    name: 'set-uid and set-gid programs of root',
    entries: [file('suid', '#!/bin/busybox sh\n', { mode: 0o6755 }), file('world', 'x', { mode: 0o7777 })],
  },
  {
    name: 'extended attributes',
    entries: [
      file('caps', 'x', {
        pax: {
          'SCHILY.xattr.security.capability': Buffer.from([
            1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
          ]),
        },
      }),
      file('many', 'x', { pax: Object.fromEntries(many(100, (at) => [`SCHILY.xattr.user.a${at}`, 'v'])) }),
      file('opaque', 'x', { pax: { 'SCHILY.xattr.trusted.overlay.opaque': 'y' } }),
    ],
  },
  { name: 'whiteouts', entries: [file('.wh.bin'), file('www/.wh..wh..opq'), file('.wh..wh.plnk/x')] },
  {
    name: 'one name again and again',
    entries: [
      file('www/index.html', 'one'),
      folder('again/'),
      file('x'),
      folder('x/'),
      file('x'),
      ...many(500, (at) => file('twice', String(at))),
    ],
  },
  {
    name: 'account files without end',
    entries: [
      folder('etc/'),
      file('etc/passwd', `root:x:0:0:${'a'.repeat(mebibyte)}\n::::\n\0\0\nx:x:99999999999999999999:-1::\n`),
      file('etc/group', ':'.repeat(100_000)),
    ],
  },
  { name: 'a user that is none', changes: ['USER 4294967295:4294967295'], serves: false },
  { name: 'a user with a strange name', changes: ['USER nobody-here'], serves: false },
  { name: 'an environment of 100 KiB', changes: many(100, (at) => `ENV V${at}=${'v'.repeat(1024)}`) },
  {
    name: 'an environment with newlines and quotes',
    changes: ['ENV A="x\\ny" B="\'\\"$(id)`id`"', 'ENV LD_PRELOAD=/none.so PATH=/none'],
  },
  { name: 'five hundred labels', changes: many(500, (at) => `LABEL l${at}="${'x'.repeat(100)}"`) },
  { name: 'labels that look like ours', changes: ['LABEL tare.session=torture tare.cache=1'] },
  {
    name: 'a command with newlines and control characters',
    changes: [
      'CMD ["/bin/busybox", "sh", "-c", "echo \\n\\u001b]0;owned\\u0007\\n; exec /bin/busybox httpd -f -p 8080 -h /www"]',
    ],
  },
  { name: 'a command that is not there', changes: ['CMD ["/not/there"]'], serves: false },
  { name: 'a command that is a folder', changes: ['CMD ["/www"]'], serves: false },
  {
    name: 'an entrypoint in a shell’s form',
    changes: ['ENTRYPOINT /bin/busybox httpd -f -p 8080 -h /www'],
    serves: false,
  },
  { name: 'a command that prints without end', changes: ['CMD ["/bin/busybox", "yes"]'], serves: false },
  {
    name: 'a command that forks',
    changes: [
      'CMD ["/bin/busybox", "sh", "-c", "i=0; while [ $i -lt 200 ]; do /bin/busybox sleep 1000 & i=$((i+1)); done; exec /bin/busybox httpd -f -p 8080 -h /www"]',
    ],
  },
  {
    name: 'a command that hears no signal',
    changes: [
      'CMD ["/bin/busybox", "sh", "-c", "trap \'\' TERM INT HUP; /bin/busybox httpd -p 8080 -h /www; while :; do /bin/busybox sleep 1; done"]',
    ],
  },
  {
    name: 'system folders that are none',
    entries: [file('proc'), file('sys'), file('dev'), file('run')],
    serves: false,
  },
  {
    name: 'system folders that are links',
    entries: [symlink('dev', '/tmp'), symlink('proc', '/etc'), symlink('sys', '..')],
    serves: false,
  },
  {
    name: 'a resolv.conf that leads out',
    entries: [
      folder('etc/'),
      symlink('etc/resolv.conf', '../../../../../../etc/shadow'),
      symlink('etc/hosts', '/proc/self/mem'),
      folder('etc/hostname/'),
    ],
  },
  { name: 'a working folder that is none', changes: ['WORKDIR /www/index.html'], serves: false },
  { name: 'a large file of zeros', entries: [{ name: 'zeros', content: Buffer.alloc(200 * mebibyte) }] },
  { name: 'an unknown signal to stop with', changes: ['STOPSIGNAL SIGRTMAX-3'] },
];
