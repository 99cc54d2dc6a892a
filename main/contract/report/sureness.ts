/** How sure an answer is, in one list for all who tell it. */
import type { Answer, AnswerRow, Message } from './report';

export interface Sureness {
  id: 'density' | AnswerRow['id'];
  said: Message;
}

/** What the sentence is about first, where none of the rows tells it; then row by row. */
export const surenessIn = ({ sureness, rows }: Pick<Answer, 'sureness' | 'rows'>): Sureness[] => [
  ...(sureness ? [{ id: 'density' as const, said: sureness }] : []),
  ...rows.flatMap(({ id, sureness: said }) => (said ? [{ id, said }] : [])),
];
