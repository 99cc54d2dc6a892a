/** Folders of its own for one case, and what can be started in them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bytesBelow } from '../../../main/engine/base/process/files';
import { leftoversOf, processesOf, type Places } from './leftovers';
import { runLimits, startTare, wrongIn, type Ended, type Limits, type Running } from './program';

interface Options {
  limits?: Limits;
  /** changes or adds variables */
  env?: NodeJS.ProcessEnv;
  /** a program that starts it, such as `unshare` */
  wrap?: string[];
}

export class Scene implements Places {
  readonly mounts: string[] = [];
  readonly dataFolder: string;
  readonly tempFolder: string;
  /** what was started, for the evidence */
  private readonly started: Running[] = [];

  /** @param cacheHome  the folder that Tare's cache folder is in */
  constructor(
    readonly folder: string,
    readonly endpoint: string,
    readonly prefix: string,
    private readonly cacheHome: string,
  ) {
    this.dataFolder = path.join(folder, 'data/tare');
    this.tempFolder = path.join(folder, 'tmp');
    for (const name of ['data', 'config', 'tmp', 'lock', 'work'])
      mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  }

  get cacheFolder(): string {
    return path.join(this.cacheHome, 'tare');
  }

  /** where commands are typed */
  get workFolder(): string {
    return path.join(this.folder, 'work');
  }

  /** Writes a file beside the commands. @returns its name, as it is typed */
  file(name: string, content: string | Buffer): string {
    writeFileSync(path.join(this.workFolder, name), content);
    return name;
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DOCKER_HOST: this.endpoint,
      XDG_DATA_HOME: path.join(this.folder, 'data'),
      XDG_CONFIG_HOME: path.join(this.folder, 'config'),
      XDG_CACHE_HOME: this.cacheHome,
      TMPDIR: this.tempFolder,
      TARE_LOCK_DIR: path.join(this.folder, 'lock'),
      TARE_SESSION_PREFIX: this.prefix,
      LANG: 'en_US.UTF-8',
      NO_COLOR: '1',
    };
  }

  start(words: string[], { limits = runLimits, env = {}, wrap }: Options = {}): Running {
    const around = { env: { ...this.environment, ...env }, cwd: this.workFolder, limits };
    const running = startTare(words, { ...around, ...(wrap && { wrap }) });
    this.started.push(running);
    return running;
  }

  run(words: string[], options?: Options): Promise<Ended> {
    return this.start(words, options).ended;
  }

  /**
   * After anything: `tare clean` succeeds, and leaves nothing.
   * @param sweeper  another command that is to remove what was left
   */
  async swept(sweeper: string[] = ['clean', '--json']): Promise<string[]> {
    const ended = await this.run(sweeper);
    const failed =
      ended.code === 0
        ? []
        : [`tare ${sweeper.join(' ')}: exit ${ended.code}: ${ended.stderr.slice(0, 500)}`];
    return [...wrongIn(ended), ...failed, ...leftoversOf(this).map((one) => `left over: ${one}`)];
  }

  /** Finished trials that a run told of while it ran, and that its record does not have. */
  lostTrials({ stderr }: Pick<Ended, 'stderr'>): string[] {
    const told = [...stderr.matchAll(/^[✓✗] +(\d+)\/\d+ /gm)].map(([, number]) => Number(number));
    const most = Math.max(0, ...told);
    if (most === 0) return [];
    const kept = Math.max(0, ...this.records().map(({ trials, warmups }) => trials.length + warmups.length));
    return kept < most ? [`${most} trials were told as finished, ${kept} are kept`] : [];
  }

  /** Records of the runs that were made here. */
  private records(): { trials: unknown[]; warmups: unknown[] }[] {
    const runs = path.join(this.dataFolder, 'runs');
    if (!existsSync(runs)) return [];
    return readdirSync(runs).flatMap((id) => {
      try {
        const text = readFileSync(path.join(runs, id, 'run.json'), 'utf8');
        return [JSON.parse(text) as { trials: unknown[]; warmups: unknown[] }];
      } catch {
        return [];
      }
    });
  }

  /** Puts one of its folders on a file system of its own, with all that lies there. @param roomMebibytes  what is free there */
  mount(place: string, roomMebibytes: number): void {
    const aside = `${place}.aside`;
    renameSync(place, aside);
    mkdirSync(place, { mode: 0o700 });
    const takenKibibytes = Math.ceil(bytesBelow(aside) / 1024);
    const size = `${takenKibibytes + roomMebibytes * 1024}k`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tare-torture', place]);
    this.mounts.push(place);
    execFileSync('cp', ['-a', `${aside}/.`, place]);
    rmSync(aside, { recursive: true });
  }

  unmount(): void {
    for (const place of this.mounts.splice(0)) execFileSync('umount', ['--lazy', place]);
  }

  /** Ends what is still there of it, so that the next case finds the machine as it was. */
  async close(evidence?: { folder: string; wrong: string[] }): Promise<void> {
    for (const { pid } of processesOf(this.prefix)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has just ended
      }
    }
    if (evidence) await this.keep(evidence);
    this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async keep({ folder, wrong }: { folder: string; wrong: string[] }): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const ends = await Promise.all(this.started.map(({ ended }) => ended));
    const told = ends.map(({ words, code, signal, stdout, stderr, elapsedMs }) =>
      [
        `$ tare ${words.join(' ')}`,
        `→ ${code ?? signal} after ${Math.round(elapsedMs)} ms`,
        stdout.slice(-20_000),
        stderr.slice(-20_000),
      ].join('\n'),
    );
    writeFileSync(path.join(folder, 'told.txt'), [...wrong, '', ...told].join('\n'));
    execFileSync('cp', ['-a', this.folder, path.join(folder, 'scene')]);
  }
}
