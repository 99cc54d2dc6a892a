import { showBytes } from '../../../contract/quantities';
import type { Door } from '../door';
import { canRedraw, Progress } from '../progress';

/** `tare guest build`: makes the guest kit, or with `--kernel minimal` the kernel of the small machines. */
export async function guestBuild(door: Door, options: { json?: boolean; kernel?: string }): Promise<void> {
  const engine = door.engine();
  const progress = door.quiet ? undefined : new Progress(door.err, canRedraw(door.err, door.terminal.env));
  const forget = engine.onEvent((event) => progress?.take(event));
  const kernel = options.kernel === 'minimal' ? 'minimal' : 'distribution';
  try {
    const built = await engine.buildKit({ kernel });
    progress?.end();
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
  } finally {
    forget();
    progress?.end();
  }
}
