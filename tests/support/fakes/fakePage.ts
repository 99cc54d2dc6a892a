/** What the page's state asks of a browser, and a link whose other end is the test. Import it before the state itself. */
import type { CallName, Output } from '../../../main/contract/calls';
import type { TareEvent } from '../../../main/contract/events';
import type { Answer } from '../../../main/contract/failures';
import type { Connection, Link } from '../../../renderer/link/link';

Object.assign(globalThis, {
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
  localStorage: { getItem: () => '{"locale":"en"}', setItem: () => undefined },
  document: { documentElement: { dataset: {}, lang: 'en' } },
});

type Answers = { [N in CallName]?: (input: never) => Answer<Output<N>> | Promise<Answer<Output<N>>> };

export interface FakeLink extends Link {
  /** what was asked, in order */
  asked: { name: CallName; input: unknown }[];
  /** what is answered from now on */
  answers: Answers;
  tell(...events: TareEvent[]): void;
  connect(connection: Connection): void;
}

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value });

/** A call without an answer stays open. */
export function fakeLink(answers: Answers = {}): FakeLink {
  const events: ((events: TareEvent[]) => void)[] = [];
  const connections: ((connection: Connection) => void)[] = [];
  const link: FakeLink = {
    asked: [],
    answers,
    call(name, input) {
      link.asked.push({ name, input });
      const answer = link.answers[name] as ((input: unknown) => Answer<never>) | undefined;
      return answer ? Promise.resolve(answer(input)) : new Promise(() => undefined);
    },
    onEvents(listener) {
      events.push(listener);
      return () => undefined;
    },
    onConnection(listener) {
      connections.push(listener);
      listener('open');
      return () => undefined;
    },
    tell: (...told) => events.forEach((listener) => listener(told)),
    connect: (connection) => connections.forEach((listener) => listener(connection)),
  };
  return link;
}
