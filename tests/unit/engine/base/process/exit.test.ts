import { expect, it } from 'vitest';
import { exitText, signalName } from '../../../../../main/engine/base/process/exit';

it.each([
  [0, 'exit 0'],
  [3, 'exit 3'],
  [128, 'exit 128'],
  [137, 'signal SIGKILL'],
  [143, 'signal SIGTERM'],
  [255, 'exit 255'],
])('an exit code of %i is worded %s', (code, text) => expect(exitText(code)).toBe(text));

it('knows the signals of this system', () => {
  expect(signalName(15)).toBe('SIGTERM');
  expect(signalName(99)).toBeUndefined();
});
