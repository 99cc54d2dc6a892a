import { showBytes } from '../../../contract/quantities';
import type { Door } from '../door';
import { followJob } from '../jobs';

/** `tare guest build`: makes the guest kit, or with `--kernel minimal` the kernel of the small machines. */
export async function guestBuild(door: Door, options: { json?: boolean; kernel?: string }): Promise<void> {
  const kernel = options.kernel === 'minimal' ? 'minimal' : 'distribution';
  const built = await followJob(door, 'buildKit', { kernel });
  if (options.json) return door.out.json(built);
  const { folder, version, kernelRelease, bytes } = built;
  door.out.paragraph(
    door.out.say(kernel === 'minimal' ? 'cli.guest.kernel-built' : 'cli.guest.built', {
      version,
      kernel: kernelRelease,
      size: showBytes(door.locale, bytes),
      folder,
    }),
  );
}
