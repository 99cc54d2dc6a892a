import type { Command } from 'commander';
import path from 'node:path';
import { Reference, type LocalImage, type RemovalReport } from '../../../contract/work/images';
import { listOf, type MessageKey, type NameIn } from '../../../contract/messages';
import { showBytes } from '../../../contract/quantities';
import type { Fact } from '../../../contract/report/report';
import { exitCodeOf } from '../../../contract/failures';
import { toFailure } from '../../../engine/base/errors';
import { parsed } from '../../problems';
import { paintBuild } from '../builds';
import { addBuilding, readBuildOptions, type TypedBuild } from '../buildOptions';
import type { Door } from '../door';
import { followJob } from '../jobs';
import type { Screen } from '../terminal/screen';
import { grid } from '../terminal/tables';

interface Json {
  json?: boolean;
}

/** The commands `tare image …`. */
export function addImage(program: Command, door: Door): void {
  const text = (key: MessageKey) => door.out.say(key);
  const image = program.command('image').description(text('cli.help.image'));
  const json: [string, string] = ['--json', text('cli.option.json')];
  image
    .command('pull')
    .description(text('cli.help.image-pull'))
    .argument('<ref>', text('cli.argument.reference'))
    .option(...json)
    .action((reference: string, options: Json) => transfer(door, 'pullImage', reference, options));
  image
    .command('push')
    .description(text('cli.help.image-push'))
    .argument('<ref>', text('cli.argument.reference'))
    .option(...json)
    .action((reference: string, options: Json) => transfer(door, 'pushImage', reference, options));
  addBuilding(
    image
      .command('build')
      .description(text('cli.help.image-build'))
      .argument('<folder>', text('cli.option.build'))
      .option('--tag <ref>', text('cli.option.tag')),
    text,
    true,
  )
    .option(...json)
    .action((folder: string, options: BuildingOptions) => build(door, folder, options));
  image
    .command('list')
    .description(text('cli.help.image-list'))
    .option('--layers', text('cli.option.layers'))
    .option(...json)
    .action((options: Json & { layers?: boolean }) => list(door, options));
  image
    .command('remove')
    .description(text('cli.help.image-remove'))
    .argument('<ref>', text('cli.argument.reference'))
    .option('--dry-run', text('cli.option.dry-run'))
    .option(...json)
    .action((reference: string, options: Json & { dryRun?: boolean }) => remove(door, reference, options));
  // what a Tare elsewhere asks of this one
  image
    .command('find <ref>', { hidden: true })
    .action((reference: string) =>
      answer(door, () => door.engine().findImage({ reference: parsed(Reference, reference) })),
    );
  image.command('load', { hidden: true }).action(() =>
    answer(door, async () => {
      await door.engine().loadImage(door.terminal.stdin!());
      return {};
    }),
  );
}

/** Prints for a program what came of it. */
async function answer(door: Door, work: () => Promise<object>): Promise<void> {
  try {
    door.out.json(await work());
  } catch (error) {
    const failure = toFailure(error);
    door.out.json({ failure });
    door.exitCode = exitCodeOf(failure);
  }
}

/** `tare image pull` and `tare image push`. */
async function transfer(door: Door, kind: 'pullImage' | 'pushImage', word: string, { json }: Json) {
  const reference = parsed(Reference, word);
  const report = await followJob(door, kind, { reference });
  if (json) return door.out.json(report);
  const { out } = door;
  const key = kind === 'pullImage' ? 'cli.image.pulled' : 'cli.image.pushed';
  const rate = report.bytesPerSecond;
  const facts: Record<string, Fact> = {
    reference,
    moved: report.movedBytes === undefined ? '–' : { bytes: report.movedBytes },
    layers: report.layers,
    there: report.alreadyThere,
    took: { ms: report.tookMs },
  };
  out.paragraph(out.say(key, facts));
  if (rate !== undefined) out.line(`  ${out.say('cli.image.rate', { rate: { bytes: Math.round(rate) } })}`);
  if (report.resumed > 0) out.line(`  ${out.say('cli.image.resumed', { count: report.resumed })}`);
  out.line(`  ${report.digest}`);
}

type BuildingOptions = Json & TypedBuild & { tag?: string };

async function build(door: Door, folder: string, options: BuildingOptions): Promise<void> {
  const tag = options.tag === undefined ? {} : { tag: parsed(Reference, options.tag) };
  const { cwd } = door.terminal;
  const here = path.resolve(cwd, folder);
  const order = { path: here, ...tag, ...readBuildOptions(options, cwd) };
  const built = await followJob(door, 'buildImage', order);
  if (options.json) return door.out.json(built);
  const { reference, bytes, tookMs } = built;
  paintBuild(door.out, built.steps);
  door.out.paragraph(door.out.say('cli.image.built', { reference, size: { bytes }, took: { ms: tookMs } }));
  door.out.line(`  ${built.digest}`);
}

async function list(door: Door, options: Json & { layers?: boolean }): Promise<void> {
  const images = await door.engine().images({});
  const { out } = door;
  if (options.json) return out.json(images);
  if (images.length === 0) return out.line(out.say('cli.image.none'));
  out.line(imageTable(out, images));
  if (images.some(({ approximate }) => approximate)) out.paragraph(out.say('cli.image.approximate'), '≈ ');
  if (options.layers) for (const image of images) paintLayers(out, image);
}

const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

const nameOf = (screen: Screen, { references, digest }: LocalImage): string =>
  references.length > 0 ? listOf(screen.locale, references) : shortDigest(digest);

function imageTable(screen: Screen, images: LocalImage[]): string {
  const columns = ['name', 'size', 'unique', 'layers', 'disks', 'containers'] as const;
  const bytes = (value: number | undefined) => (value === undefined ? '—' : showBytes(screen.locale, value));
  const sum = (image: LocalImage) => image.disks.reduce((all, disk) => all + disk.bytes, 0);
  const rows = images.map((image) => [
    nameOf(screen, image),
    `${image.approximate ? '≈ ' : ''}${bytes(image.bytes)}`,
    bytes(image.uniqueBytes),
    String(image.layers.length),
    image.disks.length === 0 ? '' : bytes(sum(image)),
    image.containers === 0 ? '' : String(image.containers),
  ]);
  const head = columns.map((name) => screen.say(`cli.image.column.${name}`));
  return grid(screen, head, rows, [false, true, true, true, true, true]);
}

/** What the image was made by, oldest first, each with the layer that it made. */
function paintLayers(screen: Screen, image: LocalImage): void {
  screen.line();
  screen.line(screen.tone('bold', nameOf(screen, image)));
  for (const entry of image.history) {
    const layer = entry.layer === undefined ? undefined : image.layers[entry.layer];
    const shared =
      layer && layer.sharedWith > 0 ? screen.say('cli.image.shared', { count: layer.sharedWith }) : '';
    const size = layer ? showBytes(screen.locale, entry.bytes) : '';
    screen.paragraph(entry.instruction, `  ${size.padStart(9)}  `);
    if (shared) screen.line(screen.tone('dim', `${' '.repeat(13)}${shared}`));
  }
}

async function remove(door: Door, word: string, options: Json & { dryRun?: boolean }): Promise<void> {
  const reference = parsed(Reference, word);
  const dryRun = options.dryRun === true;
  const report: RemovalReport = await door.engine().removeImage({ reference, dryRun });
  const { out } = door;
  if (options.json) return out.json(report);
  const say = (key: NameIn<'cli.image'>, facts: Record<string, Fact>) =>
    out.paragraph(out.say(`cli.image.${key}`, facts));
  if (dryRun) out.line(out.say('cli.image.would'));
  for (const name of report.untagged) say('untagged', { name });
  if (report.removed) {
    const digest = shortDigest(report.digest);
    if (report.layerBytes === undefined) say('removed', { digest });
    else say('removed-bytes', { digest, size: { bytes: report.layerBytes } });
  }
  for (const { path: file, bytes } of report.removed ? report.disks : []) {
    say('removed-disk', { file, size: { bytes } });
  }
  if (report.usedBy.length > 0) say('used', { names: listOf(out.locale, report.usedBy) });
}
