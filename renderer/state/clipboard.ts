/**
 * Puts text on the clipboard. The desktop's window may not use it by itself; copying what is selected is always allowed.
 * @returns whether it is there now
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const shown = Object.assign(document.createElement('textarea'), { value: text, readOnly: true });
    shown.className = 'visually-hidden';
    document.body.append(shown);
    shown.select();
    const copied = document.execCommand('copy');
    shown.remove();
    return copied;
  }
}
