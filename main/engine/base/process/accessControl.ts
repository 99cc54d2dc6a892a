/**
 * Mandatory access control: AppArmor or SELinux may refuse a program what the file modes allow. The refusal looks like any other
 * (EACCES, EPERM) and does not say whose it is, so it can only be inferred, and is told as the likely cause.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Failure } from '../../../contract/failures';

export interface AccessControl {
  name: 'AppArmor' | 'SELinux';
  /** AppArmor's profile or SELinux's context of this process; empty where it cannot be read */
  label: string;
}

/** The system that was refused something, and who asked. */
export interface Asker {
  /** the folder that is / */
  root: string;
  uid: number;
  gids: number[];
}

const self = (): Asker => ({
  root: '/',
  uid: process.getuid?.() ?? 0,
  gids: [...(process.getgroups?.() ?? []), process.getegid?.() ?? 0],
});

/** A small file's text; undefined where there is none, `null` where it may not be read. */
function textOf(root: string, name: string): string | null | undefined {
  try {
    return readFileSync(path.join(root, name), 'utf8').replace(/[\0\n]+$/, '');
  } catch (error) {
    return /^E(ACCES|PERM)$/.test((error as NodeJS.ErrnoException).code ?? '') ? null : undefined;
  }
}

/** The access control that enforces rules here; undefined when there is none, or it only complains. */
export function accessControl(root = '/'): AccessControl | undefined {
  const text = (name: string) => textOf(root, name) ?? '';
  const label = text('proc/self/attr/apparmor/current') || text('proc/self/attr/current');
  if (text('sys/fs/selinux/enforce') === '1') return { name: 'SELinux', label };
  const profiles = textOf(root, 'sys/kernel/security/apparmor/profiles');
  const isOn = text('sys/module/apparmor/parameters/enabled') === 'Y';
  const isEnforcing = profiles === null ? isOn : [profiles, label].some((one) => one?.includes('(enforce)'));
  return isEnforcing ? { name: 'AppArmor', label } : undefined;
}

/** In English and Chinese, as the C library says it to programs that speak the user's language. */
const words = {
  EACCES: /\bEACCES\b|permission denied|权限不够/i,
  EPERM: /\bEPERM\b|operation not permitted|不允许的操作/i,
};
/** mount has words of its own: its "permission denied" is EPERM, and this is EACCES, by util-linux and by busybox. */
const mountWords = {
  EACCES: /cannot mount .+ read-only|bind .+ failed|write-protected|mounting .+ failed: permission denied/i,
  EPERM: /permission denied|must be superuser/i,
};

/** Which refusal a line of a program's output tells. */
function refusalIn(line: string): 'EACCES' | 'EPERM' | undefined {
  const { EACCES, EPERM } = line.startsWith('mount: ') ? mountWords : words;
  return EACCES.test(line) ? 'EACCES' : EPERM.test(line) ? 'EPERM' : undefined;
}

/**
 * The failure of a program that access control has likely refused something: enforced rules, an output that tells a refusal, and
 * nothing else that explains it. Undefined otherwise.
 * @param said  what the program itself printed
 */
export function accessDenied(
  program: string,
  said: string,
  asker: Asker = self(),
): Extract<Failure, { code: 'access-denied' }> | undefined {
  const control = accessControl(asker.root);
  if (!control) return undefined;
  const refused = said.split('\n').some((line) => {
    const refusal = refusalIn(line);
    if (refusal === 'EACCES') return pathsIn(line).every((file) => modesAllow(file, asker));
    return refusal === 'EPERM' && hasThePower(line, asker);
  });
  return refused
    ? { code: 'access-denied', program, control: control.name, label: control.label, output: said }
    : undefined;
}

const pathsIn = (line: string): string[] =>
  [...line.matchAll(/(["'‘“(])(\/.+?)["'’”)]|(?<![\w./])(\/[^\s:'")]+)/g)].map(
    ([, , quoted, bare]) => quoted ?? bare!,
  );

/** Whether the modes let the asker pass every folder above `file`, read it, and make files in it where it is a folder. */
function modesAllow(file: string, { root, uid, gids }: Asker): boolean {
  if (uid === 0) return true;
  const may = (at: string, forFile: number, forFolder: number): boolean => {
    let found;
    try {
      found = statSync(path.join(root, at));
    } catch {
      return true; // what is not there has no modes; a folder above it that stands in the way tells for itself
    }
    const shift = found.uid === uid ? 6 : gids.includes(found.gid) ? 3 : 0;
    const wanted = found.isDirectory() ? forFolder : forFile;
    return ((found.mode >> shift) & wanted) === wanted;
  };
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (!may(at, 0, 1)) return false;
    if (at === path.dirname(at)) return may(file, 4, 3);
  }
}

const sysAdmin = 1n << 21n;

/**
 * EPERM is what is told to those who lack a capability, which is no matter of access control. It is one where the capability is
 * there, and where AppArmor takes it away from ordinary users' namespaces (Ubuntu).
 */
function hasThePower(line: string, { root }: Asker): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(textOf(root, 'proc/self/status') ?? '')?.[1];
  if (effective !== undefined && BigInt(`0x${effective}`) & sysAdmin) return true;
  const restricted = textOf(root, 'proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1';
  return restricted && line.startsWith('unshare: ');
}
