/** What the engine's report on a pull or push adds up to. Pure. */
import type { LayerProgress, Transfer } from '../../../contract/work/images';

/** One line of the engine's report. */
export interface TransferLine {
  id?: string;
  status?: string;
  /** bytes; seconds so far, and no total, where containerd's store unpacks a layer (`units: 's'`) */
  progressDetail?: { current?: number; total?: number };
  errorDetail?: { message?: string };
  error?: string;
  aux?: { Digest?: string };
}

interface Layer extends LayerProgress {
  /** moved before the connection broke: the engine then counts only what is still to come */
  earlierBytes: number;
  unpacked: number;
}

/** The rate is taken over this long: shorter jumps about, longer does not notice a stall. */
const rateWindowMs = 3000;

const finished = /^(Pull complete|Pushed|Mounted from .*)$/;
const there = /^(Already exists|Layer already exists)$/;

export class TransferProgress {
  manifestDigest: string | undefined;
  /** how often the engine went on after a broken connection */
  resumed = 0;
  private readonly layers = new Map<string, Layer>();
  private readonly readings: { atMs: number; bytes: number }[] = [];
  private firstMoveMs: number | undefined;
  private lastMoveMs = 0;

  take(line: TransferLine, atMs = performance.now()): void {
    const { id, status = '', progressDetail } = line;
    // after a pull `Digest: sha256:…`; after a push `TAG: digest: sha256:… size: 757`, and a graph driver's in a line of its own as well
    const digest = line.aux?.Digest ?? /^(?:Digest|\S+: digest): (sha256:\w+)/.exec(status)?.[1];
    if (digest !== undefined) this.manifestDigest = digest;
    if (id === undefined || status.startsWith('Pulling from')) return;
    const layer = this.layers.get(id) ?? { id, state: 'waiting', earlierBytes: 0, unpacked: 0 };
    if (there.test(status)) layer.state = 'there';
    else if (finished.test(status)) this.finish(layer);
    else if (status.startsWith('Retrying')) this.interrupt(layer);
    else if (status === 'Downloading' || status === 'Pushing') this.move(layer, progressDetail ?? {}, atMs);
    else if (status === 'Extracting') this.unpack(layer, progressDetail ?? {});
    else if (status === 'Verifying Checksum' || status === 'Download complete') this.fetched(layer, atMs);
    else if (!/^(Pulling fs layer|Waiting|Preparing)$/.test(status)) return; // a line about something else
    this.layers.set(id, layer);
  }

  private move(layer: Layer, { current = 0, total }: { current?: number; total?: number }, atMs: number) {
    if (layer.state === 'interrupted') {
      layer.earlierBytes = this.restOf(layer, total);
      this.resumed += 1;
    }
    layer.state = 'moving';
    layer.bytes = layer.earlierBytes + current;
    if (total) layer.ofBytes = layer.earlierBytes + total;
    this.note(atMs);
  }

  /** What a layer had before: the engine asks for the rest only, where the registry allows it, and else for all of it. */
  private restOf({ ofBytes, bytes = 0 }: Layer, total: number | undefined): number {
    if (ofBytes === undefined || total === undefined || total >= ofBytes) return 0;
    return bytes > 0 ? ofBytes - total : 0;
  }

  private interrupt(layer: Layer) {
    layer.state = 'interrupted';
  }

  private fetched(layer: Layer, atMs: number) {
    if (layer.ofBytes !== undefined) layer.bytes = layer.ofBytes;
    if (layer.state === 'moving' || layer.state === 'waiting') layer.state = 'unpacking';
    this.note(atMs);
  }

  private unpack(layer: Layer, { current, total }: { current?: number; total?: number }) {
    layer.state = 'unpacking';
    // A layer that was fetched between two reports: how long it is stands only here.
    if (total) layer.ofBytes ??= total;
    if (layer.ofBytes !== undefined) layer.bytes = layer.ofBytes;
    if (current !== undefined && total) layer.unpacked = current / total;
  }

  private finish(layer: Layer) {
    layer.state = 'done';
    layer.unpacked = 1;
    if (layer.ofBytes !== undefined) layer.bytes = layer.ofBytes;
  }

  private note(atMs: number) {
    this.firstMoveMs ??= atMs;
    this.lastMoveMs = atMs;
    this.readings.push({ atMs, bytes: this.movedBytes() });
    while (this.readings.length > 2 && atMs - this.readings[0]!.atMs > rateWindowMs) this.readings.shift();
  }

  /** The engine has reported success. containerd's store says no more of a layer than that it was fetched. */
  end(): void {
    for (const layer of this.layers.values()) if (layer.state !== 'there') this.finish(layer);
  }

  /** What moved in all; undefined where the size of a layer was never told, as of one that took less time than the engine's reports apart. */
  wholeBytes(): number | undefined {
    const moved = [...this.layers.values()].filter(({ state }) => state !== 'there');
    return moved.some(({ bytes }) => bytes === undefined) ? undefined : this.movedBytes();
  }

  movedBytes(): number {
    return [...this.layers.values()].reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  transfer(): Transfer {
    const [first, last] = [this.readings[0], this.readings.at(-1)];
    const overMs = first && last ? last.atMs - first.atMs : 0;
    const layers = [...this.layers.values()].map(({ id, state, bytes, ofBytes, unpacked }) => ({
      id,
      state,
      ...(bytes !== undefined && { bytes }),
      ...(ofBytes !== undefined && { ofBytes }),
      ...(unpacked > 0 && { unpacked }),
    }));
    return {
      layers,
      bytes: this.movedBytes(),
      ...(overMs > 0 && { bytesPerSecond: ((last!.bytes - first!.bytes) / overMs) * 1000 }),
    };
  }

  /** Over the whole time in which something moved; undefined when that was too short to tell. */
  meanBytesPerSecond(): number | undefined {
    const overMs = this.firstMoveMs === undefined ? 0 : this.lastMoveMs - this.firstMoveMs;
    return overMs > 0 ? (this.movedBytes() / overMs) * 1000 : undefined;
  }

  count(): { layers: number; alreadyThere: number; done: number } {
    const states = [...this.layers.values()].map(({ state }) => state);
    const of = (wanted: string) => states.filter((state) => state === wanted).length;
    return { layers: states.length, alreadyThere: of('there'), done: of('done') };
  }

  /**
   * 0 to 1 by bytes; undefined while the size of what is still to come is not known.
   * @param unpacks  a pull: fetching and unpacking count half each
   */
  share(unpacks: boolean): number | undefined {
    const moving = [...this.layers.values()].filter(({ state }) => state !== 'there');
    if (moving.some(({ state, ofBytes }) => state !== 'done' && ofBytes === undefined)) return undefined;
    const known = moving.filter(({ ofBytes }) => ofBytes !== undefined);
    const all = known.reduce((sum, { ofBytes = 0 }) => sum + ofBytes, 0);
    if (all === 0) return undefined;
    const done = known.reduce((sum, { bytes = 0, ofBytes = 0, unpacked }) => {
      return sum + (unpacks ? (bytes + unpacked * ofBytes) / 2 : bytes);
    }, 0);
    return Math.min(1, done / all);
  }
}
