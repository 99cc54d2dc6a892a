import type { Output, Parsed } from '../../../contract/calls';
import { Plan, type PlanInput } from '../../../contract/plan';
import { TareError } from '../../base/errors';
import { readComposeFile } from './read';
import { planOfCompose } from './translate';

/**
 * The call on Compose files.
 * @param defaults  what a plan gets that says nothing of it
 */
export const composeCalls = (defaults: () => Partial<PlanInput>, signal: AbortSignal) => ({
  async readCompose({ path, services, targets }: Parsed<'readCompose'>): Promise<Output<'readCompose'>> {
    const read = await readComposeFile(path, signal);
    const { success, data, error } = Plan.safeParse({
      ...defaults(),
      ...planOfCompose(read, { services, targets }),
    });
    if (!success) {
      const output = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n');
      throw new TareError({ code: 'compose-unusable', path: read.path, output });
    }
    return { plan: data, services: Object.keys(read.file.services ?? {}), warnings: read.warnings };
  },
});
