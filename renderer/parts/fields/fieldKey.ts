import type { MessageKey } from '../../../main/contract/messages';

/** A message that names a field: the same with `Hint` behind it says what belongs there. */
export type FieldKey = {
  [K in MessageKey]: K extends `${infer F}Hint` ? Extract<F, MessageKey> : never;
}[MessageKey];
