import { createHash } from 'node:crypto';

/** What of an image's configuration changes how it runs: the fields of the OCI image specification, and Docker's additions. */
const runConfiguration = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
  'ArgsEscaped',
] as const;

/** What an engine says about an image, as far as it is looked at. */
export interface Described {
  Os?: string;
  Architecture?: string;
  Config?: object | null;
  RootFS?: { Layers?: string[] | null } | null;
}

/**
 * Tells whether two images run the same, whatever engine keeps them: SHA-256 over the platform, the run configuration and the layers'
 * diffIDs. An `Id` does not: it is the digest of the configuration with Docker's graph drivers, and that of a manifest with containerd's
 * store, where an attestation more is another `Id`. When and by what it was built is no part of it.
 */
export function fingerprintOf({ Os, Architecture, Config, RootFS }: Described): string {
  const config = (Config ?? {}) as Record<string, unknown>;
  const said = runConfiguration
    .map((name) => [name, sorted(config[name])])
    .filter(([, value]) => isSaid(value));
  const text = JSON.stringify([Os ?? '', Architecture ?? '', said, RootFS?.Layers ?? []]);
  return createHash('sha256').update(text).digest('hex');
}

/** An engine before API 1.52 writes what is not set as null, false or empty; a newer one leaves it out. */
const isSaid = (value: unknown): boolean =>
  Boolean(value) && (typeof value !== 'object' || Object.keys(value as object).length > 0);

/** Objects by name: in which order an engine writes them means nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
