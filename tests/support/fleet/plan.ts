/** One plan on several hosts, and what it is called by. */
import { Plan } from '../../../main/contract/plan';

/** of the whole */
export const id = '20260901-120000-00ff';
/** of the first run of a fake engine */
export const runId = '20260801-130000-0000';
export const plan = Plan.parse({
  name: 'test',
  workloads: [
    {
      name: 'web',
      image: { kind: 'builtin', name: 'web' },
      limits: { memoryBytes: 2 ** 26 },
      environment: { SECRET: 'pony' },
    },
  ],
  targets: ['container', 'vm:direct'],
  trials: 2,
});
