/** A run on several hosts as a card to share. */
import { describe, expect, it, test } from 'vitest';
import { locales } from '../../../../../../main/contract/appearance';
import { message, say } from '../../../../../../main/contract/messages';
import { hostsCard } from '../../../../../../main/drawing/card/hosts';
import { renderRecord } from '../../../../../../main/engine/results/export/exporter';
import { reportedFleet } from '../../../../../../main/engine/results/report/hosts/reported';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../../support/fakes/hostRuns';
import { textBoxes } from '../../../../../support/fakes/shapes';

const never = () => Promise.reject(new Error('no PDF is asked for'));
const of = (count: number) =>
  reportedFleet(
    fleetOf([
      ...Array.from({ length: count }, (_, at) => okHost(`bench-${at}`, runOnHost(at))),
      lostHost('lost'),
    ]),
  );

test('is a picture of 1200 × 630', async () => {
  const file = await renderRecord(of(3), 'card', { locale: 'en', published: false }, { printPdf: never });
  const bytes = Buffer.from(file.base64, 'base64');
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
});

describe.each([0, 1, 2, 3, 8, 30, 200])('of %i hosts', (count) => {
  const { report } = of(count);
  const facts = { title: say('en', report.text), where: 'three-apps' };

  it.each(locales)('has all of its words inside (%s)', (locale) => {
    const { shapes } = hostsCard({ ...facts, title: say(locale, report.text) }, report, 'Tare', locale);
    for (const { words, x, y, width, height } of textBoxes(shapes))
      expect({ words, inside: x >= 0 && y >= 0 && x + width <= 1200.5 && y + height <= 630 }).toEqual({
        words,
        inside: true,
      });
  });

  it('shows every host where there is room, else their mean', () => {
    const words = textBoxes(hostsCard(facts, report, 'Tare', 'en').shapes).map((one) => one.words);
    if (count > 0 && count <= 3) expect(words).toContain('bench-0');
    if (count >= 3) expect(words).toContain(message('en', 'hosts.chart.pooled', { count }));
    if (count >= 30) expect(words).not.toContain('bench-0');
  });
});
