import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { accountFiles } from '../../../../../main/engine/images/disk/accountFiles';

async function tar(files: [string, string][], link?: string): Promise<Buffer> {
  const stream = pack();
  for (const [name, text] of files) stream.entry({ name }, text);
  if (link) stream.entry({ name: link, type: 'symlink', linkname: '/etc/shadow' });
  stream.finalize();
  return buffer(Readable.from(stream));
}

/** The tar in pieces of this many bytes, as a network would deliver it. */
const pieces = (bytes: Buffer, length: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
      bytes.subarray(at * length, (at + 1) * length),
    ),
  );

/** With the checksum of its first header set right, after the test has changed that. */
function sealed(bytes: Buffer): Buffer {
  bytes.write('        ', 148, 'latin1');
  const sum = bytes.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

it.each([1, 7, 512, 600, 100_000])('finds the account files in pieces of %i bytes', async (length) => {
  const bytes = await tar([
    ['bin/passwd', 'x'.repeat(1500)],
    ['etc/group', 'g:x:1:\n'.repeat(200)],
    ['empty', ''],
    ['./etc/passwd', 'p:x:1:1:é:/:'],
    ['srv/etc/passwd', 'no'],
  ]);
  expect(await accountFiles(pieces(bytes, length))).toEqual({
    passwd: 'p:x:1:1:é:/:',
    group: 'g:x:1:\n'.repeat(200),
  });
});

it('takes an image without them, or with a link in their place, as having none', async () => {
  expect(await accountFiles(pieces(await tar([['a', 'b']], 'etc/passwd'), 512))).toEqual({
    passwd: '',
    group: '',
  });
});

it('is not deceived by a header that tells the folders apart from the name', async () => {
  const bytes = await tar([['etc/passwd', 'root::0:0::/:']]);
  bytes.write('a/long/folder', 345, 'latin1');
  expect(await accountFiles(pieces(sealed(bytes), 512))).toEqual({ passwd: '', group: '' });
});

it.each([
  ['x', '20 path=ética/passwd\n'], // whose own header has only what is ASCII
  ['L', `${'long/'.repeat(30)}etc/passwd\0`],
])('is not deceived by a name that a header of kind %s tells', async (kind, text) => {
  const foreword = (await tar([['foreword', text]])).subarray(0, 1024);
  foreword.write(kind, 156, 'latin1');
  const bytes = Buffer.concat([sealed(foreword), await tar([['etc/passwd', 'root::0:0::/:']])]);
  expect(await accountFiles(pieces(bytes, 512))).toEqual({ passwd: '', group: '' });
});

it('reads on behind a file whose length stands in a record only, as that of 8 GiB and more does', async () => {
  const record = (await tar([['record', '13 size=1500\n']])).subarray(0, 1024);
  record.write('x', 156, 'latin1');
  const large = await tar([
    ['srv/model.bin', 'y'.repeat(1500)],
    ['etc/passwd', 'p'],
  ]);
  large.write('00000000000', 124, 'latin1');
  const bytes = Buffer.concat([sealed(record), sealed(large)]);
  expect(await accountFiles(pieces(bytes, 512))).toEqual({ passwd: 'p', group: '' });
});

it('fails when the stream breaks', async () => {
  async function* broken() {
    yield await tar([['a', 'b']]);
    throw new Error('cut');
  }
  await expect(accountFiles(Readable.from(broken()))).rejects.toThrow('cut');
});

it('reads no further than it needs', async () => {
  const bytes = await tar([
    ['etc/passwd', 'p'],
    ['etc/group', 'g'],
  ]);
  function* endless() {
    for (;;) yield bytes;
  }
  const stream = Readable.from(endless());
  expect(await accountFiles(stream)).toEqual({ passwd: 'p', group: 'g' });
  expect(stream.destroyed).toBe(true);
});

it('refuses a stream whose lengths are no numbers, instead of reading the same place for ever', async () => {
  const bytes = await tar([['a', 'b']]);
  bytes.write('zzzzzzzzzzz', 124);
  await expect(accountFiles(pieces(bytes, 512))).rejects.toMatchObject({
    failure: { code: 'program-failed', exit: 'corrupt tar stream' },
  });
});

it('takes a file for none that says to be longer than all accounts of a real system', async () => {
  const bytes = await tar([['etc/passwd', 'p'.repeat(5 * 1024 ** 2)]]);
  expect(await accountFiles(pieces(bytes, 65_536))).toEqual({ passwd: '', group: '' });
});
