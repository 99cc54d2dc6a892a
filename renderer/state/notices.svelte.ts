import type { Failure } from '../../main/contract/failures';

/** Something that was done, or could not be, told beside whatever the page shows. */
interface Notice {
  id: number;
  /** in the language of the moment */
  words?: string;
  failure?: Failure;
  /** stays until it is settled, and is then replaced */
  working?: boolean;
  action?: { words: string; run: () => void };
}

/** Long enough to read a file's name and to reach its button. */
const shownMs = 9000;

/** The notices of the window, oldest first. A failure stays until it is dismissed. */
class Notices {
  #all = $state.raw<Notice[]>([]);
  #last = 0;

  get all(): Notice[] {
    return this.#all;
  }

  tell(notice: Omit<Notice, 'id'>): number {
    const id = ++this.#last;
    this.#all = [...this.#all.slice(-2), { ...notice, id }];
    if (!notice.failure && !notice.working) setTimeout(() => this.dismiss(id), shownMs);
    return id;
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
