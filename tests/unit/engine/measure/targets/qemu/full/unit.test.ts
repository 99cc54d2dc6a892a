import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TareError } from '../../../../../../../main/engine/base/errors';
import { applicationUnit } from '../../../../../../../main/engine/measure/targets/qemu/full/unit';
import type { ImageFacts } from '../../../../../../../main/engine/images/image/facts';

const image: ImageFacts = {
  reference: 'app:1',
  digest: 'sha256:0',
  fingerprint: '0',
  bytes: 1,
  entrypoint: ['app'],
  command: ['--say', 'it\'s 100 % of "$HOME"\n\\o/'],
  environment: ['PATH=/bin:relative:/usr/bin', 'GREETING=5 % $x', 'LANG=C'],
  workingDir: '/srv/50%',
  user: '',
  port: 80,
};
const account = { uid: 5, gid: 6, groups: [7, 8], home: '/home/x' };
const lines = (changes: Partial<ImageFacts> = {}, groups = account.groups) =>
  applicationUnit({ ...image, ...changes }, { ...account, groups }, { name: 'web' }).split('\n');

it('makes a unit that runs the command word by word, whatever systemd would expand', () => {
  expect(lines()).toContain('ExecStart="app" "--say" "it\'s 100 %% of \\"$$HOME\\"\\x0a\\\\o/"');
});

it('gives it the image’s environment, user, groups and folder, and takes away what systemd adds', () => {
  const unit = lines();
  expect(unit).toEqual(
    expect.arrayContaining([
      'ExecSearchPath=/bin:/usr/bin',
      'WorkingDirectory=/srv/50%%',
      'User=5',
      'Group=6',
      'SupplementaryGroups=7 8',
      'Environment="GREETING=5 %% $x"',
      'Environment="HOME=/home/x"',
      'Environment="LANG=C"',
    ]),
  );
  expect(unit.find((line) => line.startsWith('UnsetEnvironment='))).toMatch(
    /\bINVOCATION_ID\b(?!.*\bLANG\b)/,
  );
  expect(lines({}, []).join()).not.toContain('SupplementaryGroups');
});

/** The lines of a unit as systemd reads them: a carriage return or NUL ends one too, and a backslash at an end joins the next. */
const read = (unit: string) => unit.replace(/\\(\r\n?|\n|\0)/g, ' ').split(/\r\n?|\n|\0/);

/** The names of its settings, in their order, some of which come as often as there is something to say. */
const settings = (unit: string) =>
  read(unit)
    .map((line) => line.replace(/=.*$/s, ''))
    .filter((name, at, all) => name !== all[at - 1]);

it('adds no line for anything that an image says', () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\n', '\r', '\0', '\\', '"', '%', '$', ' ', ':', '/', '=', '[', 'x'),
      fc.string(),
    ),
  });
  const said = fc.record({
    entrypoint: fc.array(nasty, { minLength: 1 }),
    workingDir: nasty,
    environment: fc.array(
      fc.tuple(fc.constantFrom('PATH', 'HOME', 'A'), nasty).map((pair) => pair.join('=')),
    ),
  });
  const usual = settings(applicationUnit(image, { ...account, groups: [] }, { name: 'web' }));
  let made = 0;
  fc.assert(
    fc.property(said, nasty, (changes, home) => {
      let unit;
      try {
        unit = applicationUnit({ ...image, ...changes }, { ...account, home, groups: [] }, { name: 'web' });
      } catch (error) {
        expect((error as TareError).failure.code).toBe('guest-refused');
        return;
      }
      made++;
      expect(settings(unit)).toEqual(usual);
    }),
    { numRuns: 1000 },
  );
  expect(made).toBeGreaterThan(0);
});

it.each([
  ['a folder with a line in it', { workingDir: '/srv\nExecStartPre=/evil' }],
  ['a folder that would swallow the next line', { workingDir: '/srv\\' }],
  ['a PATH with a line in it', { environment: ['PATH=/bin:/x\rUser=0'] }],
  ['a command that systemd would take for a request of all rights', { entrypoint: ['+app'] }],
])('refuses %s', (_, changes) => {
  expect(() => lines(changes)).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({
        reason: expect.stringMatching(/^not-in-a-unit: /) as string,
      }) as object,
    }) as Error,
  );
});

it('gives the application the system’s name server where it may open connections', () => {
  const unit = (outgoing: boolean) =>
    applicationUnit(image, account, { name: 'web', openings: { outgoing } }).split('\n');
  expect(unit(true)).toContain('BindReadOnlyPaths=/etc/resolv.conf');
  expect(unit(false).join()).not.toContain('resolv.conf');
});

it('writes a control character of a value as an escape', () => {
  expect(lines({ environment: ['A=x\r\u001by'] })).toContain('Environment="A=x\\x0d\\x1by"');
});

it('takes a folder that is none from the root as below it', () => {
  expect(lines({ workingDir: '~' })).toContain('WorkingDirectory=/~');
});
