import type { TareEvent } from '../../contract/events';
import type { RunId } from '../../contract/run/run';
import type { Engine } from '../../engine/engine';
import type { Door } from './door';

/** What tells a person how a run goes. */
interface Teller {
  /** the run has begun */
  begin?(run: RunId): void;
  take(event: TareEvent): void;
  stop(): void;
  end(): void;
}

/**
 * Begins a run and waits for its end, which the first signal brings about; resolves with its id once everything is removed.
 * @param left  brings the end about, too
 */
export async function untilOver(
  door: Door,
  engine: Engine,
  progress: Teller | undefined,
  begin: () => Promise<RunId>,
  left?: Promise<void>,
): Promise<RunId> {
  let id: RunId | undefined;
  let isLeft = false;
  const stop = async () => {
    if (id !== undefined) await engine.stopRun({ id });
  };
  void left?.then(() => {
    isLeft = true;
    return stop();
  });
  let ended = () => {};
  const end = new Promise<void>((resolve) => (ended = resolve));
  const forget = engine.onEvent((event) => {
    progress?.take(event);
    // not the run's own end: only now may another one begin
    if (event.kind === 'work' && event.work.kind === 'run' && event.work.answer) ended();
  });
  door.onFirstSignal(() => {
    progress?.stop();
    return stop();
  });
  try {
    id = await begin();
    progress?.begin?.(id);
    if (door.interrupted || isLeft) await stop(); // it came before there was anything to stop
    await end;
    return id;
  } finally {
    forget();
    progress?.end();
  }
}
