import { lightLook, pageLook, type Look } from './palette';

/** What a chart is drawn for: its width, sizes and colours. What is drawn, and where on its axes, is the same in every format. */
export interface Format {
  width: number;
  /** left free on both sides */
  margin: number;
  look: Look;
  /** nothing is around it that could explain it: lines are named at their ends, and published figures told in full */
  standsAlone: boolean;
  /** there is room for the bars and their figures, and for no details beside them */
  isNarrow: boolean;
  /** font sizes in pixels: of the rows' names, of ticks and titles of axes, of a bar's figure, of its interval and other details */
  label: number;
  tick: number;
  value: number;
  detail: number;
  /** the least height of a row */
  row: number;
  /** radius of one measurement */
  dot: number;
  /** the height of ticks and title of an axis that lies */
  axis: number;
}

/** A picture for a slide. */
export const slide: Format = {
  width: 960,
  margin: 44,
  look: lightLook,
  standsAlone: true,
  isNarrow: false,
  label: 14.5,
  tick: 12.5,
  value: 15,
  detail: 12.5,
  row: 34,
  dot: 3.4,
  axis: 48,
};

/** A chart among others on the page, as wide as there is room. */
export const onPage = (width: number): Format => ({
  width,
  margin: 0,
  look: pageLook,
  standsAlone: false,
  isNarrow: width < 560,
  label: 12.5,
  tick: 11.5,
  value: 12.5,
  detail: 11.5,
  row: 42,
  dot: 2.7,
  axis: 42,
});
