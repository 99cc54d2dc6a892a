import type { ReportedRecord } from '../report/reported';
import type { Exporter } from './format';
import { fontsFor, isEastAsian } from './png/fonts';
import { rasterisedInThread } from './png/rasteriser';
import { drawings } from './svg';

/** Twice the drawing's size: sharp on a slide, on a dense screen and in print at 6 inches. */
const usualZoom = 2;

const family = 'Inter';

/** So many pixels take 200 MB while they are drawn; beyond them a picture has fewer for each of the drawing's. */
const mostPixels = 50_000_000;

/** The drawing in the one family that is there; in-between weights, which only variable fonts have, become the next hundred. */
const withOwnFonts = (drawing: string): string =>
  drawing
    .replace(/ font-family="[^"]*"/g, ` font-family="${family}"`)
    .replace(
      / font-weight="(\d+)"/g,
      (_, weight: string) => ` font-weight="${Math.floor(Number(weight) / 100) * 100}"`,
    );

const text = /<text([^>]*)>([^<]*)<\/text>/g;
const valueOf = (attributes: string, name: string): string =>
  new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';

/** Where a font has no bold face, heavy words are drawn with an edge of their own colour, as browsers do. */
const emboldened = (drawing: string): string =>
  drawing.replace(text, (whole, attributes: string, words: string) => {
    if (!isEastAsian(words) || Number(valueOf(attributes, 'font-weight')) < 600) return whole;
    const width = (Number(valueOf(attributes, 'font-size')) * 0.035).toFixed(2);
    return `<text${attributes} stroke="${valueOf(attributes, 'fill')}" stroke-width="${width}">${words}</text>`;
  });

/** @returns pixels of the picture for one of the drawing: as asked, or as many as there may be */
function zoomWithin(drawing: string, zoom: number): number {
  const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(drawing)!;
  return Math.min(zoom, Math.sqrt(mostPixels / (Number(width) * Number(height))));
}

/**
 * A drawing of ours as a PNG. No window and no canvas: the same on a server as in the app.
 * @param zoom  pixels of the picture for one of the drawing; fewer where there would be more than 50 million
 * @throws {TareError} `font-missing` · `program-failed` where it cannot be drawn, or not within a minute
 */
export async function rasterise(drawing: string, zoom = usualZoom): Promise<Uint8Array> {
  const { fonts, hasBold } = await fontsFor(drawing);
  return rasterisedInThread({
    drawing: withOwnFonts(hasBold ? drawing : emboldened(drawing)),
    options: {
      fitTo: { mode: 'zoom', value: zoomWithin(drawing, zoom) },
      font: { fontBuffers: fonts, defaultFontFamily: family, sansSerifFamily: family },
    },
  });
}

/** A folder with one picture per drawing of the SVG export. */
export const png: Exporter<ReportedRecord> = {
  async files(record, locale, placing) {
    const made = [];
    for (const { name, content } of drawings.files(record, locale, placing))
      made.push({ name: name?.replace(/svg$/, 'png'), content: await rasterise(content) });
    return made;
  },
};
