import type { Page } from 'playwright-core';

/** What a person cannot see of the page as it is shown now because there is no room for it, one line each. */
export const outOfSight = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const problems: string[] = [];
    const main = document.querySelector('#main')!;
    // the page scrolls in its main part: both must not scroll sideways
    for (const scroller of [document.scrollingElement!, main])
      if (scroller.scrollWidth > scroller.clientWidth)
        problems.push(`${scroller.localName} is ${scroller.scrollWidth} wide in ${scroller.clientWidth}`);

    const nameOf = (element: Element) =>
      `${element.localName}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
    const isHidden = (style: CSSStyleDeclaration) =>
      style.visibility === 'hidden' || style.clipPath !== 'none' || style.position === 'fixed';
    const scrollsInside = (element: Element): boolean => {
      for (let at: Element | null = element; at && at !== main; at = at.parentElement)
        if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
      return false;
    };
    const edge = main.getBoundingClientRect().left + main.clientWidth;
    for (const element of document.querySelectorAll('nav *, #main *')) {
      const style = getComputedStyle(element);
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0 || isHidden(style) || element.closest('svg, .visually-hidden'))
        continue;
      if ((right > edge + 1 || left < -1) && !scrollsInside(element))
        problems.push(`${nameOf(element)} reaches from ${left} to ${right} of ${edge}`);
      const hides = /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis';
      if (hides && element.scrollWidth > element.clientWidth + 1)
        problems.push(`${nameOf(element)} shows ${element.clientWidth} of ${element.scrollWidth} pixels`);
    }
    return problems;
  });
