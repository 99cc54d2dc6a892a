import { z } from 'zod';
import type { Problem } from './messages';

/** Walls between an instance and its host that are taken down or moved. A VM has its own kernel: only `user` and `outgoing` change it. */
export const Privileges = z.object({
  /** the container sees the host's processes: `docker run --pid host` */
  pid: z.literal('host').optional(),
  /** all capabilities and devices, no seccomp filter: `docker run --privileged` */
  privileged: z.boolean().optional(),
  /** `name`, `uid`, `name:group` or `uid:gid`, instead of the image's own */
  user: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)?$/, 'not-a-user' satisfies Problem)
    .optional(),
  /**
   * a VM may open connections, as a container may in any case: to other computers, and through QEMU's network also to whatever listens on
   * this one, its loopback interface included
   */
  outgoing: z.boolean().optional(),
});
export type Privileges = z.infer<typeof Privileges>;
