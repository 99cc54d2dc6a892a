/**
 * The colours of charts, the same on screen and in files. After Okabe & Ito, "Color Universal Design" (2008): containers blue, VMs
 * vermilion, processes green, told apart with any colour vision; VMs are hatched and dashed besides, for grey print.
 */
import { kindOf, targetKinds, type TargetId, type TargetKind } from '../contract/targets';

/** What decides a colour: the kind of a target, or `other` for what the table of targets does not have. */
export type Kind = TargetKind | 'other';
export const kinds: readonly Kind[] = [...targetKinds, 'other'];

export const colourKind = (target: TargetId): Kind => kindOf(target) ?? 'other';

/** light, dark */
type Shade = readonly [light: string, dark: string];

const frame = {
  text: ['#1a1b1e', '#ededef'],
  'text-muted': ['#565961', '#a6a9b1'],
  surface: ['#ffffff', '#17181b'],
  'chart-grid': ['#e6e8ea', '#2b2d33'],
} as const satisfies Record<string, Shade>;

/** Of areas; each kind's strongest first, and each told from its neighbours. */
const fills: Record<Kind, readonly Shade[]> = {
  container: [
    ['#0072b2', '#56b4e9'],
    ['#56b4e9', '#2b80b3'],
    ['#a9d6f2', '#235a7d'],
    ['#d4eaf8', '#1c3c52'],
    ['#00456d', '#b5ddf6'],
    ['#7d8fd6', '#7c88c9'],
  ],
  vm: [
    ['#d55e00', '#f28a3e'],
    ['#e69f00', '#b37612'],
    ['#f3c98b', '#7d561f'],
    ['#f9e4c5', '#533a20'],
    ['#833a00', '#f9cfa6'],
    ['#b08a5c', '#9c8468'],
  ],
  process: [
    ['#009e73', '#3dc197'],
    ['#66c5ab', '#2c8a6c'],
    ['#b3e2d5', '#24604e'],
    ['#d8f0e9', '#1d4237'],
    ['#005a42', '#a9e3d1'],
    ['#8fae7f', '#7f9a70'],
  ],
  other: [
    ['#6f727a', '#9a9da6'],
    ['#9b9ea6', '#71747c'],
    ['#c2c4c9', '#4f5259'],
    ['#dddee1', '#383a40'],
    ['#4a4d54', '#c4c7ce'],
    ['#8d8577', '#8c8576'],
  ],
};

/** Of lines, which are thin: told apart by hue within the kind's family, and each strong enough on the surface. */
const lines: Record<Kind, readonly Shade[]> = {
  container: [
    ['#0072b2', '#56b4e9'],
    ['#7048c8', '#b197f2'],
    ['#1b93a8', '#4fd0d8'],
  ],
  vm: [
    ['#d55e00', '#f28a3e'],
    ['#a8286a', '#ee82b2'],
    ['#8a6d00', '#d9bb4a'],
  ],
  process: [
    ['#009e73', '#3dc197'],
    ['#5c7d12', '#a9c75a'],
    ['#1b6f75', '#58bfc6'],
  ],
  other: [
    ['#6f727a', '#9a9da6'],
    ['#8c8373', '#b3aa99'],
    ['#4a4d54', '#c4c7ce'],
  ],
};

const nameOf = (kind: Kind): string => (kind === 'other' ? 'neutral' : kind);
const named = (table: Record<Kind, readonly Shade[]>, suffix: string): [string, Shade][] =>
  kinds.flatMap((kind) =>
    table[kind].map((shade, at): [string, Shade] => [`${nameOf(kind)}${suffix}-${at + 1}`, shade]),
  );

/** Every colour by the name of its custom property in renderer/style/tokens.css. */
export const colours: ReadonlyMap<string, Shade> = new Map([
  ...Object.entries<Shade>(frame),
  ...named(fills, ''),
  ...named(lines, '-line'),
]);

/** The colours that a drawing is made with. */
export interface Look {
  text: string;
  muted: string;
  surface: string;
  grid: string;
  /** @param index  of the shade, from 0; they come again after the last */
  fill: (kind: Kind, index: number) => string;
  line: (kind: Kind, index: number) => string;
}

const lookBy = (colour: (name: string) => string): Look => ({
  text: colour('text'),
  muted: colour('text-muted'),
  surface: colour('surface'),
  grid: colour('chart-grid'),
  fill: (kind, index) => colour(`${nameOf(kind)}-${(index % fills[kind].length) + 1}`),
  line: (kind, index) => colour(`${nameOf(kind)}-line-${(index % lines[kind].length) + 1}`),
});

/** For files: paper is light. */
export const lightLook = lookBy((name) => colours.get(name)![0]);
/** For the page, which knows the theme. */
export const pageLook = lookBy((name) => `var(--${name})`);
