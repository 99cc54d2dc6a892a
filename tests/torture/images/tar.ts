/** Writes tar streams that no honest program writes: names and heads as bytes. */

export interface Entry {
  name: string | Buffer;
  /** `0` file · `1` hard link · `2` symbolic link · `3` character device · `4` block device · `5` folder · `6` fifo */
  type?: string;
  content?: Buffer;
  mode?: number;
  uid?: number;
  gid?: number;
  link?: string | Buffer;
  device?: [number, number];
  /** extended headers, such as SCHILY.xattr.user.x */
  pax?: Record<string, string | Buffer>;
}

const block = 512;
const longestName = 100;

const padded = (content: Buffer): Buffer =>
  Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);
const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;

function head(name: Buffer, type: string, size: number, entry: Partial<Entry>): Buffer {
  const { mode = 0o644, uid = 0, gid = 0, device = [0, 0] } = entry;
  const bytes = Buffer.alloc(block);
  name.copy(bytes, 0, 0, longestName);
  bytes.write(octal(mode, 8) + octal(uid, 8) + octal(gid, 8) + octal(size, 12) + octal(0, 12), 100, 'latin1');
  bytes.write('        ', 148, 'latin1');
  bytes.write(type, 156, 'latin1');
  Buffer.from(entry.link ?? '').copy(bytes, 157, 0, longestName);
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(octal(device[0], 8) + octal(device[1], 8), 329, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Names that do not fit are told as GNU tar does, byte by byte. */
const longName = (name: Buffer, type: 'L' | 'K'): Buffer[] =>
  name.length <= longestName
    ? []
    : [
        head(Buffer.from('././@LongLink'), type, name.length + 1, {}),
        padded(Buffer.concat([name, Buffer.alloc(1)])),
      ];

function bytesOf(entry: Entry): Buffer {
  const { type = '0', content = Buffer.alloc(0), pax = {} } = entry;
  const [name, link] = [Buffer.from(entry.name), Buffer.from(entry.link ?? '')];
  const records = Buffer.concat(Object.entries(pax).map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([
    ...(records.length > 0 ? [head(Buffer.from('pax'), 'x', records.length, {}), padded(records)] : []),
    ...longName(name, 'L'),
    ...longName(link, 'K'),
    head(name, type, content.length, entry),
    padded(content),
  ]);
}

/** A whole archive. */
export const tarOf = (entries: readonly Entry[]): Buffer =>
  Buffer.concat([...entries.map(bytesOf), Buffer.alloc(2 * block)]);
