import { nameOfAddress, OtherHost, type Host } from '../../../main/contract/fleet/host';
import type { NameIn } from '../../../main/contract/messages';

/** A host as it is typed. */
export interface HostDraft {
  address: string;
  name: string;
  program: string;
}

export const emptyHost = (): HostDraft => ({ address: '', name: '', program: '' });

/** What people have in their fingers from ssh itself, such as `me@bench1`, is an address too. */
function addressTyped(text: string): string {
  const typed = text.trim();
  return typed.includes('://') ? typed : `ssh://${typed}`;
}

/** What a host is called that nobody names; empty where there is no address yet. */
export const usualName = ({ address }: Pick<HostDraft, 'address'>): string =>
  OtherHost.shape.address.safeParse(addressTyped(address)).success
    ? nameOfAddress(addressTyped(address))
    : '';

interface ReadHost {
  /** absent while there are problems */
  host?: Host;
  /** what is wrong, by field */
  problems: Partial<Record<keyof HostDraft, `ui.environment.hostBad.${NameIn<'ui.environment.hostBad'>}`>>;
}

/** Reads what was typed. Every problem is told at once, each at its own field. */
export function readHost(draft: HostDraft): ReadHost {
  const [typedName, program] = [draft.name.trim(), draft.program.trim()];
  const parsed = OtherHost.safeParse({
    name: typedName || usualName(draft),
    address: addressTyped(draft.address),
    ...(program !== '' && { program }),
  });
  if (parsed.success) return { host: parsed.data, problems: {} };
  // what is wrong as a whole is the name of this computer
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'name')));
  const isMissing = wrong.has('address') && typedName === '';
  return {
    problems: {
      ...(wrong.has('address') && { address: 'ui.environment.hostBad.address' as const }),
      ...(wrong.has('name') && !isMissing && { name: 'ui.environment.hostBad.name' as const }),
      ...(wrong.has('program') && { program: 'ui.environment.hostBad.program' as const }),
    },
  };
}
