import { describe, expect, it } from 'vitest';
import { jobInputs } from '../../../../../main/contract/work/work';
import {
  emptyWorkflow,
  readWorkflow,
  type WorkflowDraft,
} from '../../../../../renderer/pages/workflow/workflowOrder';

const read = (change: Partial<WorkflowDraft>) => readWorkflow({ ...emptyWorkflow(), ...change });
const image = { kind: 'reference', reference: ' quay.io/team/app:1 ' } as const;

describe('what is to be followed', () => {
  it('is the starter unless something else is chosen', () => {
    const starter = { source: { kind: 'starter' }, machine: 'vm:direct', fresh: true };
    expect(read({}).order).toEqual(starter);
    // what was typed for an image is not taken over to the starter
    expect(read({ ...image, kind: 'starter', port: 'x', path: 'y' })).toEqual({
      order: starter,
      problems: {},
    });
  });

  it('may say where an image listens that does not say so itself', () => {
    expect(read({ ...image, port: ' 3000 ', path: '/health' }).order).toEqual({
      source: { kind: 'reference', reference: 'quay.io/team/app:1' },
      machine: 'vm:direct',
      fresh: true,
      port: 3000,
      probe: '/health',
    });
    const order = read({ ...image }).order;
    expect(order).not.toHaveProperty('port');
    expect(order).not.toHaveProperty('probe');
  });

  it.each(['0', '65536', '80.5', '-1', 'http', '1e3'])('does not take “%s” for a port', (port) => {
    expect(read({ ...image, port })).toEqual({ problems: { port: 'ui.form.bad.port' } });
  });

  it('does not take “health” for a path', () => {
    expect(read({ ...image, path: 'health' })).toEqual({ problems: { path: 'ui.form.bad.path' } });
  });

  it('is nothing yet while its folder or its image is not named', () => {
    for (const change of [{ kind: 'folder' }, { kind: 'reference' }, { kind: 'reference', reference: 'a b' }])
      expect(read(change as Partial<WorkflowDraft>)).toEqual({ problems: {} });
  });

  it('is what the engine takes', () => {
    for (const change of [{}, { ...image, port: '65535', path: '/' }, { kind: 'folder', folder: '/a b' }])
      expect(jobInputs.workflow.safeParse(read(change as Partial<WorkflowDraft>).order).success).toBe(true);
  });
});
