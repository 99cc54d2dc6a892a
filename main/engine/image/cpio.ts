export interface CpioEntry {
  name: string;
  /** file type and permissions, as in stat */
  mode: number;
  data: Buffer;
}

export const regularFile = 0o100644;

const padding = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

function header(inode: number, entry: CpioEntry, name: Buffer): Buffer {
  const [uid, gid, links, time, device] = [0, 0, 1, 0, 0];
  const fields = [
    inode,
    entry.mode,
    uid,
    gid,
    links,
    time,
    entry.data.length,
    device,
    device,
    device,
    device,
    name.length,
    0,
  ];
  return Buffer.from(
    '070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join(''),
    'latin1',
  );
}

/**
 * A cpio archive in the "newc" form that the kernel unpacks as initramfs. Archives may follow one another,
 * so one that is made per workload can be put behind one that is made once.
 */
export function cpio(entries: CpioEntry[]): Buffer {
  const end = { name: 'TRAILER!!!', mode: 0, data: Buffer.alloc(0) };
  const parts = [...entries, end].flatMap((entry, index) => {
    const name = Buffer.from(entry.name + '\0');
    const head = Buffer.concat([header(index + 1, entry, name), name]);
    return [head, padding(head.length), entry.data, padding(entry.data.length)];
  });
  return Buffer.concat(parts);
}
