/**
 * Text that a terminal shows and does not obey: records, images and servers are not ours, and a terminal takes commands from what it is
 * shown, such as to fill the clipboard. Marks that turn the direction of writing go too: they show a line otherwise than it is.
 */
const controls =
  /\u001b\[(?:1|2|22|31|32|33|39)m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** What stands where something was that is not shown. */
const replacement = '\ufffd';

/** Line breaks and tabs stay, and so do the colours and weights of `Screen.tone`; of everything else one can see that it was there. */
export const shown = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(controls, (found) => (found.length > 1 ? found : replacement));
