import type { TareEvent } from '../../../contract/events';
import type { RunId } from '../../../contract/run/run';
import type { Engine } from '../../../engine/engine';
import type { Door } from '../door';

/** What tells a person how a run goes. */
interface Teller {
  take(event: TareEvent): void;
  stop(): void;
  end(): void;
}

/** Begins a run and waits for its end, which the first signal brings about; resolves with its id once everything is removed. */
export async function untilOver(
  door: Door,
  engine: Engine,
  progress: Teller | undefined,
  begin: () => Promise<RunId>,
): Promise<RunId> {
  let id: RunId | undefined;
  const stop = async () => {
    if (id !== undefined) await engine.stopRun({ id });
  };
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
    if (door.interrupted) await stop(); // the signal came before there was anything to stop
    await end;
    return id;
  } finally {
    forget();
    progress?.end();
  }
}
