import type { Failure } from '../../../main/contract/failures';
import type { BuildFolder } from '../../../main/contract/work/workflow';
import type { Link } from '../../link/link';

/**
 * The Dockerfile of one folder while it is edited. Another folder may be named at any time: what was typed for one is never saved
 * into another, and an answer that comes too late is not shown.
 */
export class Dockerfile {
  /** as it is typed */
  text = $state('');
  #folder = $state.raw<BuildFolder>();
  #failure = $state.raw<Failure>();
  #saving = $state(false);
  #path: string | undefined;
  #opening: Promise<void> | undefined;
  /** counts what was asked, so that an answer is known to be the newest */
  #asked = 0;

  constructor(private readonly link: Link) {}

  /** absent until it is read */
  get folder(): BuildFolder | undefined {
    return this.#folder;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get saving(): boolean {
    return this.#saving;
  }
  /** the folder does not hold what is shown */
  get changed(): boolean {
    return this.#folder !== undefined && (this.text !== this.#folder.text || !this.#folder.isSaved);
  }

  /**
   * Shows a folder; one that is shown already is not read again.
   * @param path  Tare's own folder when none is named
   */
  open(path: string | undefined): Promise<void> {
    if (this.#opening && path === this.#path) return this.#opening;
    this.#path = path;
    return this.reload();
  }

  /** Reads the folder again; what was typed is lost. */
  reload(): Promise<void> {
    this.#folder = undefined;
    this.#failure = undefined;
    this.text = '';
    return (this.#opening = this.#read(this.#path));
  }

  async #read(path: string | undefined): Promise<void> {
    const asked = ++this.#asked;
    const answer = await this.link.call('buildFolder', { ...(path && { path }) });
    if (asked !== this.#asked) return;
    if (answer.ok) {
      this.#folder = answer.value;
      this.text = answer.value.text;
    } else {
      this.#failure = answer.failure;
      this.#opening = undefined; // what is missing may be there the next time
    }
  }

  /**
   * Saves what was changed in a folder, which is read first unless it is shown.
   * @param replace  whether a Dockerfile that says something else may be lost
   * @returns whether the folder now holds what is shown
   */
  async save(path: string | undefined, replace = false): Promise<boolean> {
    await this.open(path);
    if (path !== this.#path || !this.#folder) return false;
    if (!this.changed) return true;
    this.#saving = true;
    const given = { ...(path && { path }), text: this.text, replace };
    const answer = await this.link.call('saveBuildFolder', given);
    this.#saving = false;
    if (path === this.#path) {
      this.#failure = answer.ok ? undefined : answer.failure;
      if (answer.ok) this.#folder = answer.value;
    }
    return answer.ok;
  }
}
