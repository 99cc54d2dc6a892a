/** What a container has written to one of its outputs, as an engine hands it on: before each piece stand which it is of and its length. */
export function written(output: 'stdout' | 'stderr', content: string | Buffer): Buffer {
  const piece = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const head = Buffer.alloc(8);
  head.writeUInt8(output === 'stdout' ? 1 : 2, 0);
  head.writeUInt32BE(piece.length, 4);
  return Buffer.concat([head, piece]);
}
