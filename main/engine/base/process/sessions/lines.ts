/** What a list of a session consists of. Lists are found, not made, by whoever reads them: each line is checked. */
import { z } from 'zod';
import { Leftover } from '../../../../contract/machine';
import { WorkNote } from '../../../../contract/work/work';

/** A process by what no later one shares with it, though it may get the same number. */
export const Owner = z.object({
  owner: z.int().positive(),
  startTicks: z.int().min(0),
  bootId: z.string().max(64),
});
export type Owner = z.infer<typeof Owner>;

/** Linux's PATH_MAX. No system call takes a longer path, nor one with NUL in it. */
const longestName = 4096;

const id = z.int().positive();
const name = z
  .string()
  .min(1)
  .max(longestName)
  .refine((text) => !text.includes('\0'));

export const Line = z.union([
  Owner,
  z.object({ id, kind: Leftover.shape.kind, name }),
  z.object({ id, work: WorkNote }),
  z.object({ gone: id }),
]);
export type Line = z.infer<typeof Line>;

/** Undefined of what is no line: torn by a kill, made by another Tare, or by no Tare. */
export function parseLine(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
