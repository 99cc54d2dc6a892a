/** Plays what was written as a terminal would and gives back the lines that are left on it. */
export function played(written: string): string[] {
  const lines = [''];
  let at = 0;

  for (const match of written.matchAll(/\u001b\[(\d*)([A-Zm])|\r|\n|[^\u001b\r\n]+/g)) {
    const [whole, count, command] = match;
    if (whole === '\n') {
      at += 1;
      lines[at] ??= '';
    } else if (command === 'A') at -= Number(count);
    else if (command === 'J') lines.splice(at, lines.length, '');
    else if (command === undefined && whole !== '\r') lines[at] = whole;
  }
  return lines;
}
