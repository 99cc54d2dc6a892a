import { z } from 'zod';
import type { Problem } from '../messages';
import { Variables, withoutValues } from './variables';

/**
 * A secret that a Dockerfile mounts (`RUN --mount=type=secret,id=…`). Its value is read by the builder alone, never by Tare: from the file
 * `src`, else from the environment variable `env`, else as Docker does: from the variable, or the file, that is called like it.
 */
const BuildSecret = z.object({
  id: z.string().regex(/^[\w.-]+$/, 'not-an-id' satisfies Problem),
  src: z.string().min(1).optional(),
  env: z.string().min(1).optional(),
});
export type BuildSecret = z.infer<typeof BuildSecret>;

/** What `docker build` may be told beside the folder; nothing of it is given to a build that does not name it. */
export const BuildOptions = z.object({
  /** the Dockerfile, from the folder on; absent: `Dockerfile` */
  dockerfile: z.string().min(1).optional(),
  /** the stage whose image is wanted; absent: the last one */
  target: z.string().min(1).optional(),
  buildArgs: Variables.optional(),
  /** such as `linux/arm64`; absent: the engine's own */
  platform: z
    .string()
    .regex(/^[a-z0-9]+(\/[a-z0-9.]+){1,2}$/, 'not-a-platform' satisfies Problem)
    .optional(),
  secrets: z.array(BuildSecret).min(1).optional(),
  /** agents that the build may ask for signatures: `default`, or `ID=SOCKET OR KEY` */
  ssh: z
    .array(z.string().regex(/^[\w.-]+(=.+)?$/, 'not-an-id' satisfies Problem))
    .min(1)
    .optional(),
});
export type BuildOptions = z.infer<typeof BuildOptions>;

/** Whether a path begins at the home folder of whoever runs it, as a record writes it: `~/app`. */
export const isFromHome = (file: string): boolean => /^~(?=[/\\]|$)/.test(file);

/** A folder with a Dockerfile, and how it is built. */
export const FolderSource = BuildOptions.extend({ kind: z.literal('folder'), path: z.string().min(1) });
export type FolderSource = z.infer<typeof FolderSource>;

/**
 * The same as it may be written down: of a secret and of an agent only what the Dockerfile calls them, not where they lie; of an argument
 * only its name.
 */
export const withoutSecrets = <Source extends BuildOptions>(source: Source): Source => ({
  ...source,
  ...(source.buildArgs && { buildArgs: withoutValues(source.buildArgs) }),
  ...(source.secrets && { secrets: source.secrets.map(({ id }) => ({ id })) }),
  ...(source.ssh && { ssh: source.ssh.map((agent) => agent.replace(/=.*$/s, '')) }),
});

/**
 * What carries a Dockerfile out: `buildkit` through Docker's own `buildx`, `podman` as a program, or `classic`, the engine's older builder,
 * where there is neither: it knows no `RUN --mount`, no heredocs, no `COPY --chmod` and no `COPY --link`.
 */
export type Builder = 'buildkit' | 'podman' | 'classic';
