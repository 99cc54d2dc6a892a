import { expect, it } from 'vitest';
import type { ChartSpec } from '../../../../../main/contract/report/report';
import { chartCsv } from '../../../../../main/engine/results/export/chartCsv';

const common = { id: 'c', title: { key: 't', facts: {} }, note: { key: 'n', facts: {} } };

it('has one row per bar with its parts, interval, reservation and every trial, unrounded', () => {
  const spec: ChartSpec = {
    ...common,
    kind: 'bars',
    unit: 'bytes',
    series: [
      { id: 'net', label: 'net' },
      { id: 'tare', label: 'tare' },
    ],
    bars: [
      {
        label: { key: 'chart.target', facts: { target: 'container' } },
        target: 'container',
        values: [1024.5, null],
        interval: { low: 1, high: 2 },
        outline: 4096,
        points: [7, 8],
      },
      { label: '=1+1', target: 'vm:direct', values: [3, 4], points: [9] },
    ],
  };
  expect(chartCsv(spec, 'en').split('\r\n')).toEqual([
    'label,target,netBytes,tareBytes,lowBytes,highBytes,reservedBytes,trial1Bytes,trial2Bytes',
    'container,container,1024.5,,1,2,4096,7,8',
    "'=1+1,vm:direct,3,4,,,,9,",
    '',
  ]);
});

it('does not name a unit twice', () => {
  const series = [{ id: 'readyMs', label: 'x' }];
  const spec: ChartSpec = { ...common, kind: 'bars', unit: 'ms', series, bars: [] };
  expect(chartCsv(spec, 'en')).toBe('label,target,readyMs,lowMs,highMs,reservedMs\r\n');
});

it('has one row per reading of a line and per span of a waterfall', () => {
  const lines: ChartSpec = {
    ...common,
    kind: 'lines',
    unit: 'bytes',
    lines: [{ label: 'a, b', target: 'container', points: [{ xMs: 0.25, y: 5 }] }],
  };
  expect(chartCsv(lines, 'en')).toBe('label,target,xMs,yBytes\r\n"a, b",container,0.25,5\r\n');
  const across = { unit: 'count', title: { key: 'chart.axis.up-before', facts: {} } } as const;
  expect(chartCsv({ ...lines, across }, 'en')).toMatch(/^label,target,x,yBytes\r\n/);
  const spans: ChartSpec = {
    ...common,
    kind: 'spans',
    unit: 'ms',
    rows: [{ label: 'web', target: 'vm:direct', spans: [{ phase: 'ready', fromMs: 1, toMs: 2.5 }] }],
  };
  expect(chartCsv(spans, 'zh-CN')).toBe('label,target,phase,fromMs,toMs\r\nweb,vm:direct,就绪,1,2.5\r\n');
});
