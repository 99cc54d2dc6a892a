import { explain } from '../../../contract/messages';
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

/** `tare guest list`: what is here to start virtual machines with, and where it comes from. */
export async function guestList(door: Door, options: { json?: boolean }): Promise<void> {
  const parts = await door.engine().guestParts({});
  if (options.json) return door.out.json(parts);
  for (const { kernel, facts, failure } of parts) {
    door.out.line(door.out.tone('bold', door.out.say(`ui.environment.part.${kernel}`)));
    if (facts) {
      const { origin, kernelRelease, bytes, folder } = facts;
      door.out.paragraph(
        door.out.say(`check.kit.${origin}`, { kernel: kernelRelease, size: { bytes } }),
        '  ',
      );
      door.out.paragraph(folder, '  ');
    } else if (failure) {
      const { what, remedy } = explain(door.locale, failure);
      door.out.paragraph(what, '  ');
      if (remedy) door.out.paragraph(remedy, '  → ');
    }
  }
}
