import { calls, type CallName } from '../../contract/calls';
import type { TareEvent } from '../../contract/events';
import type { Engine } from '../../engine/engine';
import { TareError } from '../../engine/base/errors';

/**
 * An engine that is loaded when it is first asked something: a window is drawn sooner when nothing is loaded before it.
 * @param load  when it fails, so does the call; the next one tries it again
 */
export function lateEngine(load: () => Promise<Engine>): Engine {
  const listeners = new Set<(event: TareEvent) => void>();
  let loading: Promise<Engine> | undefined;
  let closed = false;

  async function loaded(): Promise<Engine> {
    try {
      const engine = await load();
      engine.onEvent((event) => listeners.forEach((listener) => listener(event)));
      return engine;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }
  const asked = (name: CallName | 'loadImage') => async (input: never) => {
    if (closed && !loading) throw new TareError({ code: 'stopped' });
    const engine = await (loading ??= loaded());
    return (engine[name] as (input: never) => Promise<unknown>)(input);
  };
  const names = Object.keys(calls) as CallName[];
  return {
    ...(Object.fromEntries(names.map((name) => [name, asked(name)])) as Pick<Engine, CallName>),
    loadImage: asked('loadImage') as Engine['loadImage'],
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close(hurry) {
      closed = true;
      const engine = await loading?.catch(() => undefined);
      return (await engine?.close(hurry)) ?? [];
    },
  };
}
