import type { Page } from 'playwright-core';

export interface Drawing {
  title: string;
  /** what is drawn, axes and words included: an empty chart has none */
  marks: number;
}

/** Every chart on the page with how much is drawn on it. */
export const drawings = (page: Page): Promise<Drawing[]> =>
  page.$$eval('figure', (figures) =>
    figures.map((figure) => ({
      title: figure.querySelector('h2')!.textContent,
      marks: figure.querySelectorAll('.drawing > svg > *').length,
    })),
  );
