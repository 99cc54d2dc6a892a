import { expect, test } from 'vitest';
import { missingWords } from '../../../../main/contract/run/missing';
import { fakeRun } from '../../../support/fakes/fakeRun';

test('what could not be read is told once, in words, wherever it was looked for', () => {
  const run = fakeRun();
  run.environment.missing = [{ what: 'host.governor', reason: 'ENOENT' }];
  for (const trial of run.trials) {
    trial.memory.missing = [{ what: 'shim', reason: 'EACCES' }];
    trial.lifecycle = { missing: [{ what: 'stoppedBytes', reason: 'not-offered' }] };
  }
  expect(missingWords('en', run)).toEqual([
    'CPU governor: there is no such file',
    'container shim: permission denied',
    'In memory when stopped: this target does not tell it',
  ]);
  expect(missingWords('zh-CN', run)[2]).toBe('停止后占用内存：此运行方式不提供');
});

test('what only the record has a name for keeps that name', () => {
  const run = fakeRun();
  run.environment.missing = [{ what: 'engine.nothingKnown', reason: 'odd' }];
  expect(missingWords('en', run)).toContain('engine.nothingKnown: odd');
});
