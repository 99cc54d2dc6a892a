/** What a plan says of the Compose file that it was made from. */
import { z } from 'zod';

/**
 * What became of a field of a service, or of the service itself, that is not as the file says. The first group leaves a service out; `only-shared` keeps it
 * from some targets.
 */
const composeNoteKinds = [
  'profile',
  'no-replicas',
  'no-image',
  'completes',
  'needs-left-out',
  'unfit-name',

  'only-shared',
  'not-given',
  'default-probe',
  'stricter-probe',
  'default-limits',
  'one-instance',
  'one-port',
  'one-network',
  'no-effect',
] as const;
const ComposeNoteKind = z.enum(composeNoteKinds);
export type ComposeNoteKind = z.infer<typeof ComposeNoteKind>;

export const ComposeNote = z.object({
  kind: ComposeNoteKind,
  service: z.string(),
  /** as Compose writes it: `volumes`, `build.secrets`; absent where the whole service is meant */
  field: z.string().optional(),
});
export type ComposeNote = z.infer<typeof ComposeNote>;

export const ComposeOrigin = z.object({
  /** its name, without the folder */
  file: z.string(),
  /** those that are run, in the order in which they are started */
  services: z.array(z.string()),
  /** all that is not as the file says */
  notes: z.array(ComposeNote),
});
export type ComposeOrigin = z.infer<typeof ComposeOrigin>;

/** `web: volumes, tmpfs; db: volumes`, or `web, db` where services as a whole are meant. */
function itemsOf(notes: readonly ComposeNote[]): string {
  const services = [...new Set(notes.map(({ service }) => service))];
  const told = services.map((service) => {
    const fields = notes.flatMap((note) => (note.service === service ? (note.field ?? []) : []));
    return { service, fields: fields.join(', ') };
  });
  const hasFields = told.some(({ fields }) => fields !== '');
  return told
    .map(({ service, fields }) => (fields === '' ? service : `${service}: ${fields}`))
    .join(hasFields ? '; ' : ', ');
}

/** For each kind, in the order of the table, what is meant; `verdict.compose.KIND` words it. */
export const composeNotes = (notes: readonly ComposeNote[]): { kind: ComposeNoteKind; items: string }[] =>
  composeNoteKinds.flatMap((kind) => {
    const meant = notes.filter((note) => note.kind === kind);
    return meant.length === 0 ? [] : [{ kind, items: itemsOf(meant) }];
  });
