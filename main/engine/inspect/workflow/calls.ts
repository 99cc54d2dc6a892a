/** Every call to the engine's API on one way, with its real duration: the client's lane. */
import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { WorkflowStepName } from '../../../contract/work/workflow';
import type { Recorder } from './recorder';

/** What docker-modem is asked for, as far as it is looked at. */
interface Dial {
  path: string;
  method: string;
  isStream?: boolean;
}
type Reply = (error: unknown, answer: unknown) => void;
interface Modem {
  dial: (options: Dial, reply: Reply) => void;
}

/** One call that has been answered to its end. */
export interface Call {
  step: WorkflowStepName;
  fromMs: number;
  toMs: number;
  /** of the container that it made */
  id?: string;
}

const kinds: [method: string, path: RegExp, step: WorkflowStepName][] = [
  ['POST', /^\/build$/, 'build'],
  ['POST', /^\/images\/create$/, 'pull'],
  ['GET', /^\/images\/.+\/(json|history)$/, 'look-up'],
  ['POST', /^\/containers\/create$/, 'create'],
  ['POST', /^\/containers\/\w+\/start$/, 'start'],
  ['POST', /^\/containers\/\w+\/stop$/, 'stop'],
  ['DELETE', /^\/containers\/\w+$/, 'remove'],
  ['DELETE', /^\/images\/.+$/, 'forget-image'],
];

/** These wait in the background for the container's end, or look at it beside what is done. */
const background = /^\/(events|info|version|_ping|containers\/\w+\/(wait|json|logs|stats))$/;

/** `POST /containers/0123456789ab/start` */
function nameOf(method: string, address: string): { path: string; request: string } {
  const path = address.replace(/\?.*$/, '');
  return { path, request: `${method} ${path.replace(/([0-9a-f]{12})[0-9a-f]{52}/g, '$1')}` };
}

/**
 * The same engine, with its calls written into the client's lane.
 * @param commandOf  the same for a terminal
 * @param told  hears of each call that is written
 */
export function recordedDocker(
  docker: Docker,
  recorder: Recorder,
  commandOf: (step: WorkflowStepName) => string | undefined,
  told: { begun: (step: WorkflowStepName, fromMs: number) => void; answered: (call: Call) => void },
): Docker {
  const modem = docker.modem as Modem;
  const listening = Object.create(modem) as Modem;
  listening.dial = (options, reply) => {
    const { path, request } = nameOf(options.method, options.path);
    if (background.test(path)) return modem.dial(options, reply);
    const step = kinds.find(([method, form]) => method === options.method && form.test(path))?.[2] ?? 'other';
    const fromMs = performance.now();
    const command = commandOf(step);
    const written = recorder.begin('client', step, { request, ...(command && { command }) }, fromMs);
    told.begun(step, fromMs);
    const end = (error: unknown, id?: string) => {
      const status = (error as { statusCode?: number } | null)?.statusCode;
      if (error)
        written.add({ request: `${request} → ${status ?? (error as { code?: string }).code ?? '?'}` });
      written.end();
      told.answered({ step, fromMs, toMs: performance.now(), ...(id !== undefined && { id }) });
    };
    modem.dial(options, (error, answer) => {
      const stream = !error && options.isStream ? (answer as Readable) : undefined;
      if (stream) stream.once('close', () => end(null));
      else end(error, (answer as { Id?: string } | null)?.Id);
      reply(error, answer);
    });
  };
  const recorded = Object.create(docker) as Docker;
  recorded.modem = listening as typeof docker.modem;
  return recorded;
}
