import { describe, expect, it } from 'vitest';
import { signalNumber } from '../../../../../main/engine/images/image/stopSignal';

describe('the signal that an image wants to be stopped with', () => {
  it.each([
    ['SIGQUIT', 3],
    ['QUIT', 3],
    ['SIGWINCH', 28],
    ['9', 9],
    ['SIGRTMIN+3', 37],
    ['RTMAX-1', 63],
    ['nonsense', 15],
  ])('%s is number %i', (name, number) => {
    expect(signalNumber(name)).toBe(number);
  });
});
