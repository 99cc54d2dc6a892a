import type { CallName, Input, Output } from '../../main/contract/calls';
import type { Failure } from '../../main/contract/failures';
import type { Link } from '../link/link';

/** The answer to one call, with the states a page must be able to show. A newer answer replaces an older one; while it is fetched the old one stays. */
export class Resource<N extends CallName> {
  #value = $state.raw<Output<N>>();
  #failure = $state.raw<Failure>();
  #loading = $state(false);
  #asked = 0;

  constructor(
    private readonly link: Link,
    private readonly name: N,
  ) {}

  get value(): Output<N> | undefined {
    return this.#value;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get loading(): boolean {
    return this.#loading;
  }

  async load(input: Input<N>): Promise<void> {
    const asked = ++this.#asked;
    this.#loading = true;
    const answer = await this.link.call(this.name, input);
    if (asked !== this.#asked) return; // a later question has overtaken this one
    this.#loading = false;
    this.#value = answer.ok ? answer.value : this.#value;
    this.#failure = answer.ok ? undefined : answer.failure;
  }
}
