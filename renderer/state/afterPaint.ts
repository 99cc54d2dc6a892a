/** Once what is there now has been painted. */
export const afterPaint = (then: () => void): void => void requestAnimationFrame(() => setTimeout(then));
