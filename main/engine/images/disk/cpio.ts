export interface CpioEntry {
  name: string;
  /** file type and permissions, as in stat */
  mode: number;
  data: Buffer;
}

export const regularFile = 0o100644;

/** What stands before an entry's content. */
export interface CpioHead {
  name: string;
  mode: number;
  /** names with the same number and at least two links are one file */
  inode: number;
  /** of the content, in bytes */
  size: number;
  uid?: number;
  gid?: number;
  links?: number;
  /** major and minor number of a device node */
  device?: [number, number];
}

/** Content and heads end on a multiple of four bytes. */
export const cpioPadding = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

/** The "newc" form. */
export function cpioHead(entry: CpioHead): Buffer {
  const name = Buffer.from(entry.name + '\0');
  const { inode, mode, uid = 0, gid = 0, links = 1, size, device = [0, 0] } = entry;
  const [time, major, minor, checksum] = [0, 0, 0, 0];
  const fields = [
    ...[inode, mode, uid, gid, links, time, size],
    ...[major, minor, ...device, name.length, checksum],
  ];
  const text = '070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  const head = Buffer.concat([Buffer.from(text, 'latin1'), name]);
  return Buffer.concat([head, cpioPadding(head.length)]);
}

/** What an archive ends with; another may follow. */
export const cpioEnd = (inode = 0): Buffer => cpioHead({ name: 'TRAILER!!!', mode: 0, inode, size: 0 });

/**
 * A cpio archive in the "newc" form that the kernel unpacks as initramfs. Archives may follow one another,
 * so one that is made per workload can be put behind one that is made once.
 */
export function cpio(entries: CpioEntry[]): Buffer {
  const parts = entries.flatMap(({ name, mode, data }, index) => [
    cpioHead({ name, mode, inode: index + 1, size: data.length }),
    data,
    cpioPadding(data.length),
  ]);
  return Buffer.concat([...parts, cpioEnd(entries.length + 1)]);
}
