import type { JobInput } from '../../../main/contract/work/work';
import { Reference } from '../../../main/contract/work/images';
import type { MessageKey } from '../../../main/contract/messages';
import { usualVm } from '../../../main/contract/targets';
import type { WorkflowMachine, WorkflowSource } from '../../../main/contract/work/workflow';

/** What is to be followed, as it is typed; each source keeps its own field, so that changing one's mind loses nothing. */
export interface WorkflowDraft {
  kind: WorkflowSource['kind'];
  folder: string;
  reference: string;
  /** where it listens: empty for what the image says itself */
  port: string;
  path: string;
  machine: WorkflowMachine;
  fresh: boolean;
}

export interface ReadWorkflow {
  /** absent while something is missing or wrong */
  order?: JobInput<'workflow'>;
  problems: { port?: MessageKey; path?: MessageKey };
}

export const emptyWorkflow = (): WorkflowDraft => ({
  kind: 'starter',
  folder: '',
  reference: '',
  port: '',
  path: '',
  machine: usualVm,
  fresh: true,
});

function sourceOf({ kind, folder, reference }: WorkflowDraft): WorkflowSource | undefined {
  if (kind === 'starter') return { kind };
  if (kind === 'folder') return folder.trim() === '' ? undefined : { kind, path: folder.trim() };
  const read = Reference.safeParse(reference.trim());
  return read.success ? { kind, reference: read.data } : undefined;
}

/** Reads what was typed. The starter listens where Tare knows it to: its own fields are not shown, and not read. */
export function readWorkflow(draft: WorkflowDraft): ReadWorkflow {
  const { kind, machine, fresh } = draft;
  const [port, path] = kind === 'starter' ? ['', ''] : [draft.port.trim(), draft.path.trim()];
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  const problems: ReadWorkflow['problems'] = {
    ...(port !== '' && !isPort && { port: 'ui.form.bad.port' }),
    ...(path !== '' && !path.startsWith('/') && { path: 'ui.form.bad.path' }),
  };
  const source = sourceOf(draft);
  if (!source || problems.port || problems.path) return { problems };
  const order = {
    source,
    machine,
    fresh,
    ...(port !== '' && { port: Number(port) }),
    ...(path !== '' && { probe: path }),
  };
  return { order, problems };
}
