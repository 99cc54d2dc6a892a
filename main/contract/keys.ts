/** The names of texts, so that the compiler checks them wherever one is composed. */
import { hasText, type Catalogue } from './words/catalogues';

/** The name of a text: a key that one of the languages lacks does not compile. */
export type MessageKey = keyof Catalogue;
/** The names of a family's texts: of `chart.density` and `chart.density.note`, both `density` and `density.note`. */
export type NameIn<F extends Family> = MessageKey extends infer Key
  ? Key extends `${F}.${infer Name}`
    ? Name
    : never
  : never;
type FamilyOf<Key> = Key extends `${infer First}.${infer Rest}`
  ? First | `${First}.${FamilyOf<Rest>}`
  : never;
/** What the names of several texts begin with, such as `phase`. */
export type Family = FamilyOf<MessageKey>;
/** The keys of a family. */
export type KeyOf<F extends Family> = Extract<MessageKey, `${F}.${string}`>;

/** What a schema says of a value that it refuses, in the place of a sentence: `problem.NAME` words it. */
export type Problem = NameIn<'problem'>;

export const isMessageKey = (key: string): key is MessageKey => hasText(key);

/** The key of a name that comes from elsewhere: a record, a program, a person. Undefined where there are no words for it. */
export function keyIn(family: Family, name: string): MessageKey | undefined {
  const key: string = `${family}.${name}`;
  return isMessageKey(key) ? key : undefined;
}
