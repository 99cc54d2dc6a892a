import { showBytes } from '../../../contract/quantities';
import { TareError } from '../../../engine/errors';
import type { Door } from '../door';
import { canRedraw, Progress } from '../progress';

/** `tare guest build`: makes the guest kit, or finds that it is already there and whole. */
export async function guestBuild(door: Door, options: { json?: boolean; kernel?: string }): Promise<void> {
  if (options.kernel === 'minimal') {
    throw new TareError({ code: 'bad-input', problems: [door.err.say('cli.guest.no-minimal')] });
  }
  const engine = door.engine();
  const progress = door.quiet ? undefined : new Progress(door.err, canRedraw(door.err, door.around.env));
  const forget = engine.onEvent((event) => progress?.take(event));
  try {
    const kit = await engine.buildKit({ kernel: 'distribution' });
    progress?.end();
    if (options.json) return door.out.json(kit);
    const { folder, version, kernelRelease, bytes } = kit;
    door.out.paragraph(
      door.out.say('cli.guest.built', {
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
