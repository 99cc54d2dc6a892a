import { describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../../../../main/contract/machine';
import { tell } from '../../../../../main/contract/messages';
import { emptyHost, readHost, usualName } from '../../../../../renderer/pages/environment/hostDraft';
import { hostFacts } from '../../../../../renderer/pages/environment/hostFacts';

describe('a host as it is typed', () => {
  const read = (draft: Partial<ReturnType<typeof emptyHost>>) => readHost({ ...emptyHost(), ...draft });

  it.each([
    ['ssh://me@bench1:2222', { name: 'bench1-2222', address: 'ssh://me@bench1:2222' }],
    [' me@bench1 ', { name: 'bench1', address: 'ssh://me@bench1' }],
    ['bench1', { name: 'bench1', address: 'ssh://bench1' }],
  ])('%j is called after its address', (address, host) => {
    expect(read({ address })).toEqual({ host, problems: {} });
    expect(usualName({ address })).toBe(host.name);
  });

  it('has the name and the program that were typed', () => {
    expect(read({ address: 'bench1', name: ' arm ', program: ' ~/tare/tare ' }).host).toEqual({
      name: 'arm',
      address: 'ssh://bench1',
      program: '~/tare/tare',
    });
  });

  it.each([
    [{}, ['address']],
    [{ address: 'ssh://me:secret@bench1' }, ['address']],
    [{ address: '-oProxyCommand=id' }, ['address']],
    [{ address: 'http://bench1' }, ['address']],
    [{ address: 'bench1', name: 'my host' }, ['name']],
    [{ address: 'bench1', name: 'local' }, ['name']],
    [{ address: 'ssh://', name: '-' }, ['address', 'name']],
    [{ address: 'bench1', program: 'tare; id' }, ['program']],
    [{ address: '!', name: '!', program: '!' }, ['address', 'name', 'program']],
  ])('%j is told what is wrong, at its fields', (draft, fields) => {
    const { host, problems } = read(draft);
    expect(host).toBeUndefined();
    expect(Object.keys(problems)).toEqual(fields);
  });

  it('is not called after an address that is none', () => {
    for (const address of ['', '  ', 'http://bench1', 'a b']) expect(usualName({ address })).toBe('');
  });
});

describe('what a host is described by', () => {
  const report: DoctorReport = {
    tareVersion: '0.2.0',
    checks: [
      {
        name: 'docker',
        standing: 'ok',
        found: tell('check.docker.found', { name: 'Docker', version: '26.1.5', endpoint: '', source: '' }),
      },
      {
        name: 'qemu',
        standing: 'ok',
        found: tell('check.qemu.found', {
          version: 'QEMU emulator version 10.0.3 (Debian 1:10.0.3)',
          program: '/usr/bin/qemu',
        }),
      },
      {
        name: 'accelerator',
        standing: 'warning',
        found: tell('check.accelerator.absent', { accelerator: 'TCG', tried: 'KVM' }),
      },
    ],
    targets: [
      { id: 'container', available: true },
      { id: 'vm:direct', available: false },
    ],
    computer: { cores: 8, memoryBytes: 2 ** 34 },
    free: {},
  };

  it('is its engine, its QEMU, what accelerates it, and its size', () => {
    expect(Object.fromEntries(hostFacts(report))).toEqual({
      engine: 'Docker 26.1.5',
      qemu: '10.0.3',
      accelerator: 'TCG',
      cores: '8',
      memory: { bytes: 2 ** 34 },
      targets: '1 ∕ 2',
    });
  });

  it('is a dash where it is missing, or where an older Tare does not tell it', () => {
    const older = { ...report };
    delete older.computer;
    const checks = report.checks.map((check) => ({ ...check, standing: 'missing' as const }));
    const facts = Object.fromEntries(hostFacts({ ...older, checks }));
    expect(facts).toMatchObject({ engine: '–', qemu: '–', accelerator: '–', cores: '–', memory: '–' });
    expect(hostFacts({ ...older, checks: [] }).map(([, value]) => value)).toContain('–');
  });
});
