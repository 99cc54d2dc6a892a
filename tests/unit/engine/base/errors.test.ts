import { expect, it } from 'vitest';
import { TareError, toFailure } from '../../../../main/engine/base/errors';

const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, path: '/cache/disks' });

it.each([
  ['ENOSPC', 'write'],
  ['EROFS', 'open'],
  ['EACCES', 'mkdir'],
  ['EPERM', 'rename'],
])('%s of %s is a place that cannot be written, not a mistake of Tare’s', (code, syscall) => {
  expect(toFailure(systemError(code, syscall))).toEqual({
    code: 'write-failed',
    path: '/cache/disks',
    reason: code,
  });
});

it.each(['open', 'scandir', 'stat'])('%s that this user may not do tells which file it is', (syscall) => {
  const failure = { code: 'file-denied', path: '/cache/disks', reason: 'EACCES' };
  expect(toFailure(systemError('EACCES', syscall))).toEqual(failure);
});

it('a refusal that names no file is a mistake of Tare’s', () => {
  const error = Object.assign(new Error('EPERM: kill'), { code: 'EPERM', syscall: 'kill' });
  expect(toFailure(error)).toMatchObject({ code: 'bug' });
});

it.each([undefined, null, 'words', 7])('whatever is thrown, such as %s, becomes data', (thrown) => {
  expect(toFailure(thrown)).toEqual({ code: 'bug', message: String(thrown) });
});

it('an expected failure and a stop stay what they are', () => {
  expect(toFailure(new TareError({ code: 'kit-missing', folder: '/cache' }))).toEqual({
    code: 'kit-missing',
    folder: '/cache',
  });
  expect(toFailure(new DOMException('stop', 'AbortError'))).toEqual({ code: 'stopped' });
});
