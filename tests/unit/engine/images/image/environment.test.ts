import { expect, it } from 'vitest';
import { applicationEnvironment } from '../../../../../main/engine/images/image/environment';

const given = (environment: string[], before?: Record<string, string>) =>
  Object.fromEntries(applicationEnvironment({ environment }, '/home/x', before));

it('is what the image sets, the last of two, without what is no variable', () => {
  expect(given(['PATH=/bin', 'A=1', 'A=2', 'no-equals-sign', '=no-name', 'B=x=y'])).toEqual({
    PATH: '/bin',
    A: '2',
    B: 'x=y',
    HOME: '/home/x',
  });
});

it('has a path and a home where the image sets none, and what a way of running it adds', () => {
  expect(given([]).PATH).toContain('/usr/bin');
  expect(given(['HOME=/here']).HOME).toBe('/here');
  expect(given(['HOME=']).HOME).toBe('/home/x');
  expect(given([], { HOSTNAME: 'host' }).HOSTNAME).toBe('host');
  expect(given(['HOSTNAME=mine'], { HOSTNAME: 'host' }).HOSTNAME).toBe('mine');
});
