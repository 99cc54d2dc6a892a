import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { imageArchive } from '../../../../../main/engine/images/disk/imageArchive';

interface Found {
  name: string;
  mode: string;
  inode: number;
  links: number;
  owner: string;
  text: string;
}

/** A reader of our own, from the kernel's description of the format. */
function read(archive: Buffer): Found[] {
  const found: Found[] = [];
  for (let at = 0; ;) {
    const field = (index: number) =>
      parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const [inode, mode, uid, gid, links, size, nameSize] = [0, 1, 2, 3, 4, 6, 11].map(field);
    const name = archive.toString('utf8', at + 110, at + 110 + nameSize! - 1);
    const start = Math.ceil((at + 110 + nameSize!) / 4) * 4;
    if (name === 'TRAILER!!!') return found;
    const text = archive.toString('utf8', start, start + size!);
    found.push({ name, mode: mode!.toString(8), inode: inode!, links: links!, owner: `${uid}:${gid}`, text });
    at = Math.ceil((start + size!) / 4) * 4;
  }
}

const archived = async (tar: Readable): Promise<Found[]> => {
  const chunks: Buffer[] = [];
  for await (const chunk of imageArchive(tar, 'lower')) chunks.push(chunk);
  return read(Buffer.concat(chunks));
};

describe('an image inside an initramfs', () => {
  it('keeps kinds, permissions, owners, content and links', async () => {
    const tar = pack();
    tar.entry({ name: './', type: 'directory', mode: 0o755 });
    tar.entry({ name: 'bin/', type: 'directory', mode: 0o755 });
    tar.entry({ name: 'bin/tool', mode: 0o4755, uid: 0, gid: 8 }, 'tool');
    tar.entry({ name: 'bin/same', type: 'link', linkname: 'bin/tool', mode: 0o4755, gid: 8 });
    tar.entry({ name: 'sbin', type: 'symlink', linkname: 'bin', mode: 0o777 });
    tar.entry({ name: 'home/ö', mode: 0o600, uid: 1000, gid: 1000 }, 'text');
    tar.finalize();
    const entries = await archived(Readable.from(tar));
    expect(entries.map(({ name, mode, owner, text }) => [name, mode, owner, text])).toEqual([
      ['lower', '40755', '0:0', ''],
      ['lower/bin', '40755', '0:0', ''],
      ['lower/bin/tool', '104755', '0:8', 'tool'],
      ['lower/bin/same', '104755', '0:8', ''],
      ['lower/sbin', '120777', '0:0', 'bin'],
      ['lower/home/ö', '100600', '1000:1000', 'text'],
    ]);
    const [tool, same] = [entries[2]!, entries[3]!];
    expect(same.inode).toBe(tool.inode);
    expect(Math.min(tool.links, same.links)).toBeGreaterThan(1);
    expect(new Set(entries.map(({ inode }) => inode)).size).toBe(entries.length - 1);
  });

  it('is not made of a stream that was cut', async () => {
    await expect(archived(Readable.from([Buffer.alloc(512)]))).rejects.toMatchObject({
      failure: { code: 'program-failed' },
    });
  });

  it('is not made of what is no tar stream, and says so', async () => {
    const noise = Buffer.concat([Buffer.alloc(512, 'x'), Buffer.alloc(1024)]);
    await expect(archived(Readable.from([noise]))).rejects.toMatchObject({
      failure: { code: 'program-failed', exit: 'corrupt tar stream' },
    });
  });

  it('refuses a file of 4 GiB, whose length the format has no room for', async () => {
    const tar = pack();
    tar.on('error', () => undefined); // it is not read to its end
    tar.entry({ name: 'srv/model.bin', size: 4 * 1024 ** 3 }).on('error', () => undefined);
    await expect(archived(Readable.from(tar))).rejects.toMatchObject({
      failure: { code: 'image-file-too-large', path: 'srv/model.bin', limitBytes: 4 * 1024 ** 3 },
    });
  });
});
