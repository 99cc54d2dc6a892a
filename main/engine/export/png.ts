import type { Resvg } from '@resvg/resvg-wasm';
import type { Exporter } from './format';
import { bytesOf, fontsFor, isEastAsian } from './png/fonts';
import { drawings } from './svg';

/** Twice the drawing's size: sharp on a slide, on a dense screen and in print at 6 inches. */
const usualZoom = 2;

const family = 'Inter';

/**
 * The rasteriser is WebAssembly inside the bundle, so that it is the same program on every system. It is loaded with the first
 * picture, and only then.
 */
let loading: Promise<typeof Resvg> | undefined;
async function load(): Promise<typeof Resvg> {
  const [resvg, { default: wasm }] = await Promise.all([
    import('@resvg/resvg-wasm'),
    import('@resvg/resvg-wasm/index_bg.wasm?inline'),
  ]);
  await resvg.initWasm(bytesOf(wasm));
  return resvg.Resvg;
}

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

/**
 * A drawing of ours as a PNG. No window and no canvas: the same on a server as in the app.
 * @param zoom  pixels of the picture for one of the drawing
 * @throws {TareError} `font-missing`
 */
export async function rasterise(drawing: string, zoom = usualZoom): Promise<Uint8Array> {
  const Rasteriser = await (loading ??= load());
  const { fonts, hasBold } = await fontsFor(drawing);
  const picture = new Rasteriser(withOwnFonts(hasBold ? drawing : emboldened(drawing)), {
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontBuffers: fonts, defaultFontFamily: family, sansSerifFamily: family },
  });
  try {
    const rendered = picture.render();
    const bytes = rendered.asPng();
    rendered.free();
    return bytes;
  } finally {
    picture.free();
  }
}

/** A folder with one picture per drawing of the SVG export. */
export const png: Exporter = {
  async files(run, locale, placing) {
    const pictures = [];
    for (const { name, content } of drawings.files(run, locale, placing))
      pictures.push({
        ...(name !== undefined && { name: name.replace(/svg$/, 'png') }),
        content: await rasterise(content),
      });
    return pictures;
  },
};
