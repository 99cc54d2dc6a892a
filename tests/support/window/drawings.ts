import type { Page } from 'playwright-core';

export interface Drawing {
  title: string;
  /** different colours on the canvas: a blank one has one */
  colours: number;
  /** of the canvas, and of the place that it is to fill */
  size: [width: number, height: number];
  place: [width: number, height: number];
}

/** Every chart on the page with how much is drawn on it. */
export const drawings = (page: Page): Promise<Drawing[]> =>
  page.$$eval('figure', (figures) =>
    figures.map((figure) => {
      const canvas = figure.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return {
        title: figure.querySelector('h2')!.textContent,
        colours: new Set(new Uint32Array(data.buffer)).size,
        size: [canvas.clientWidth, canvas.clientHeight] as [number, number],
        place: [canvas.parentElement!.clientWidth, canvas.parentElement!.clientHeight] as [number, number],
      };
    }),
  );
