/**
 * Version 1 → 2. Until then `hostBytes` was a working set or a PSS, with pages of files in it, and those divided by whoever else ran. Own
 * memory is what is left without them, where both are told; all else that was counted so is taken out.
 */
import { z } from 'zod';
import { readAs } from '../../../contract/run/bounds';

const Part = z.looseObject({ part: z.string(), bytes: z.number() });
const Memory = z.looseObject({
  hostBytes: z.number().optional(),
  reclaimableBytes: z.number().optional(),
  pageTableBytes: z.number().optional(),
  parts: z.array(Part).default([]),
  inside: z.array(Part).optional(),
  missing: z.array(z.looseObject({ what: z.string(), reason: z.string() })).default([]),
});
type Memory = z.infer<typeof Memory>;

const Trial = z.looseObject({
  memory: Memory,
  load: z.looseObject({ hostBytes: z.number().optional() }).optional(),
});
const Old = z.looseObject({
  schemaVersion: z.number(),
  environment: z
    .looseObject({ engine: z.looseObject({ sharedBytes: z.number().optional() }).optional() })
    .optional(),
  trials: z.array(Trial).optional(),
  warmups: z.array(Trial).optional(),
  density: z
    .array(z.looseObject({ steps: z.array(z.looseObject({ hostBytes: z.number().optional() })).optional() }))
    .optional(),
  report: z.unknown().optional(),
});

/** What is no record of version 1 is handed on as it is, and found out by who reads it next. */
export function toOwnMemory<Record extends { schemaVersion: number }>(record: Record): Record {
  const parsed = readAs(Old, record);
  if (!parsed.success) return { ...record, schemaVersion: 2 };
  const old = parsed.data;
  delete old.report; // made anew from the figures
  const trials = (all: z.infer<typeof Trial>[] | undefined) => all && { trials: all.map(upgradedTrial) };
  return {
    ...(old as unknown as Record),
    schemaVersion: 2,
    ...trials(old.trials),
    ...(old.warmups && { warmups: old.warmups.map(upgradedTrial) }),
    ...(old.density && {
      density: old.density.map((ladder) => ({ ...ladder, steps: ladder.steps?.map(withoutHostBytes) })),
    }),
    ...(old.environment?.engine && {
      environment: { ...old.environment, engine: without(old.environment.engine, 'sharedBytes') },
    }),
  };
}

const upgradedTrial = ({ memory, load, ...trial }: z.infer<typeof Trial>) => ({
  ...trial,
  memory: upgradedMemory(memory),
  ...(load && { load: withoutHostBytes(load) }),
});

const without = <T extends object>(record: T, field: string): T =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== field)) as T;
const withoutHostBytes = <T extends object>(record: T): T => without(record, 'hostBytes');

const missing = (what: string) => ({ what, reason: 'older-definition' });

function upgradedMemory({ reclaimableBytes: files, hostBytes, parts, inside, ...memory }: Memory) {
  const kept = inside?.filter(({ part }) => part !== 'file-cache');
  const common = { ...memory, ...(kept && { inside: kept }) };
  if (hostBytes === undefined || files === undefined)
    return {
      ...common,
      parts: [],
      missing: [...memory.missing, ...(hostBytes === undefined ? [] : [missing('hostBytes')])],
    };
  const ofFiles = inside?.find(({ part }) => part === 'file-cache')?.bytes ?? 0;
  const tables = memory.pageTableBytes ?? 0;
  const corrected = correctedParts(parts, files, ofFiles, tables);
  return {
    ...common,
    hostBytes: hostBytes - files + tables,
    fileBytes: files,
    parts: corrected,
    missing: [...memory.missing, ...(corrected.length < parts.length ? [missing('parts')] : [])],
  };
}

/**
 * Of a VM, only QEMU itself had pages of files. Of a container, those of the cgroup are told, and the rest was the shim's and the
 * proxies', who cannot be told apart.
 */
function correctedParts(parts: Memory['parts'], files: number, ofCgroup: number, tables: number) {
  const less = (part: Memory['parts'][number], bytes: number) => ({ ...part, bytes: part.bytes - bytes });
  const isVm = parts.some(({ part }) => part === 'vmm');
  return parts.flatMap((one) => {
    if (isVm) return [one.part === 'vmm' ? less(one, files - tables) : one];
    if (one.part === 'workload') return [less(one, ofCgroup)];
    return parts.length === 2 ? [less(one, files - ofCgroup - tables)] : [];
  });
}
