/** Resolves when the page's own font can be drawn on a canvas: what is drawn before would be in another one. */
export const fontLoaded: Promise<unknown> = Promise.all(
  [400, 600].map((weight) => document.fonts.load(`${weight} 12px "Inter Variable"`)),
).catch(() => undefined);
