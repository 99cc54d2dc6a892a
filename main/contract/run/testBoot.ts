import { z } from 'zod';

/** One boot of a test guest to find out whether an accelerator works: what QEMU was told, and what came of it. */
export const TestBoot = z.object({
  accelerator: z.string(),
  /** as a shell takes it */
  commandLine: z.string(),
  result: z.enum(['works', 'failed', 'silent']),
  /** how QEMU ended: `exit 1`, `signal SIGABRT` */
  exit: z.string(),
  /** what QEMU wrote to its standard error: the last 8 KiB */
  output: z.string(),
  tookMs: z.number(),
});
export type TestBoot = z.infer<typeof TestBoot>;

/** The boot that tells why an accelerator is not used; undefined where each one worked, or nothing was booted. */
export const failedBoot = (boots: readonly TestBoot[] = []): TestBoot | undefined =>
  boots.filter(({ result }) => result !== 'works').at(-1);
