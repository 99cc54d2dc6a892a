import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { colourKind, colours } from '../../../main/drawing/palette';

const sheet = readFileSync(path.resolve(import.meta.dirname, '../../../renderer/style/tokens.css'), 'utf8');
const darkAt = sheet.indexOf(":root[data-theme='dark']");
const propertiesOf = (text: string) =>
  new Map([...text.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name, value]) => [name, value]));

it('is the same on the page and in files, in both themes', () => {
  const [light, dark] = [propertiesOf(sheet.slice(0, darkAt)), propertiesOf(sheet.slice(darkAt))];
  for (const [name, shade] of colours)
    expect([name, light.get(name), dark.get(name)]).toEqual([name, ...shade]);
});

it('has one dark colour for each light one, so that a drawing in light colours can be turned into a dark one', () => {
  const darks = new Map<string, string>();
  for (const [light, dark] of colours.values()) {
    expect([light, darks.get(light) ?? dark]).toEqual([light, dark]);
    darks.set(light, dark);
  }
});

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
};

it('has lines, and a first shade of each kind, that are seen on the surface (WCAG 1.4.11)', () => {
  const surface = colours.get('surface')!;
  for (const [name, shade] of colours)
    if (/-line-\d$|-1$/.test(name))
      for (const theme of [0, 1] as const)
        expect({ name, theme, seen: contrast(shade[theme], surface[theme]) >= 3 }).toEqual({
          name,
          theme,
          seen: true,
        });
});

it('knows the kind of every target, and gives a neutral colour to what is none', () => {
  expect(['container', 'container:crun', 'vm:direct', 'vm:full', 'process', 'host'].map(colourKind)).toEqual([
    'container',
    'container',
    'vm',
    'vm',
    'process',
    'other',
  ]);
});
