import { describe, expect, test, vi } from 'vitest';
import { exitCodeOf } from '../../../../main/contract/failures';
import { leavingMs } from '../../../../main/doors/limits';
import { tare } from '../../../support/commandLine';

describe('signals', () => {
  const interrupted = { code: 'stopped' } as const;

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    '%s stops the run, waits until it is removed, and tells what was kept',
    async (signal) => {
      const { code, stdout, stderr, engine, listening } = await tare('run quick', {
        endless: true,
        meanwhile: async (signals, { busy }) => {
          await busy;
          signals.emit(signal);
        },
      });
      expect(code).toBe(exitCodeOf(interrupted));
      expect(code).toBe(130);
      expect(engine.log).toEqual(['presets', 'startRun', 'stopRun', 'record', 'close']);
      expect(stdout).toContain('20260801-130000-0000');
      expect(stderr).toContain('Stopping');
      expect(listening).toBe(0);
    },
  );

  test('a second signal does not wait for the polite stop, and still clears up', async () => {
    const { code, stdout, engine } = await tare('run quick', {
      endless: true,
      stopHangs: true,
      meanwhile: async (signals, { busy }) => {
        await busy;
        signals.emit('SIGINT');
        signals.emit('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(engine.log).toContain('close');
    expect(stdout).toBe('');
  });

  test.each(['run quick', 'doctor'])(
    'a second signal in “%s” leaves within seconds although the engine hangs, and says what is left and how it goes',
    async (words) => {
      const { code, stderr, listening } = await tare(words, {
        endless: true,
        ...(words === 'doctor' && { doctor: new Promise(() => {}) as never }),
        stopHangs: true,
        closeHangs: true,
        leaves: [{ kind: 'container', name: 'tare-abc-web-1', session: 'abc' }],
        meanwhile: async (signals, { busy }) => {
          if (words !== 'doctor') await busy;
          vi.useFakeTimers({ toFake: ['setTimeout'] });
          signals.emit('SIGINT');
          signals.emit('SIGINT');
          await vi.advanceTimersByTimeAsync(leavingMs);
        },
      }).finally(() => vi.useRealTimers());
      expect(code).toBe(130);
      expect(stderr).toMatch(/Quitting within 5\.0 s/);
      expect(stderr).toContain('container tare-abc-web-1');
      expect(stderr).toContain('tare clean removes it');
      expect(listening).toBe(0);
    },
  );

  test('what could not be removed is told after a polite stop too', async () => {
    const { stderr } = await tare('run quick', {
      leaves: [{ kind: 'process', name: 'tare-abc-machine-1', session: 'abc' }],
    });
    expect(stderr).toContain('process tare-abc-machine-1');
  });

  test('a stop that fails is made good by closing the engine', async () => {
    const { code, engine } = await tare('run quick', {
      endless: true,
      fails: { stopRun: { code: 'not-stopped', what: 'x' } },
      meanwhile: async (signals, { busy }) => {
        await busy;
        signals.emit('SIGTERM');
      },
    });
    expect(code).toBe(130);
    expect(engine.log).toContain('close');
  });

  test('a signal before the run has begun stops it all the same', async () => {
    const { code, engine } = await tare('run quick', {
      endless: true,
      meanwhile: async (signals) => {
        await Promise.resolve();
        signals.emit('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(engine.log).toContain('close');
  });

  test('a command that only asks leaves at once', async () => {
    const { code, stderr, engine } = await tare('doctor', {
      doctor: new Promise(() => {}) as never,
      meanwhile: (signals) => Promise.resolve(void signals.emit('SIGINT')),
    });
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped');
    expect(engine.log).toContain('close');
  });
});
