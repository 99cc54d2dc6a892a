/**
 * The login that a person gave `docker login` or `podman login`. It is read where those keep it, handed to the engine for one
 * request, and neither stored nor shown.
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { TareError } from '../../base/errors';
import { programLimits, runProgram } from '../../base/process/child';

/** As the engine takes it in the header X-Registry-Auth. */
export interface Credentials {
  serveraddress: string;
  username?: string;
  password?: string;
  identitytoken?: string;
}

export interface LoginSurroundings {
  environment: NodeJS.ProcessEnv;
  home: string;
}

const Login = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
type Login = z.infer<typeof Login>;

const Configuration = z.object({
  auths: z.record(z.string(), Login).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type Configuration = z.infer<typeof Configuration>;

/** Docker Hub has this name in every login file. */
const hub = 'https://index.docker.io/v1/';

/** The registry that a reference names: its first part when that looks like a host, else Docker Hub. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/');
  const first = slash < 0 ? '' : reference.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}

/** The login of the person who runs Tare for the registry of `reference`; see {@link credentialsFor}. */
export const loginFor = (reference: string, signal: AbortSignal): Promise<Credentials | undefined> =>
  credentialsFor(registryOf(reference), { environment: process.env, home: os.homedir() }, signal);

/**
 * The login for a registry; undefined when there is none.
 * @throws {TareError} `registry-login-unreadable` when a credential helper is named but does not work: going on without would
 *   only end in a refusal that says less
 */
export async function credentialsFor(
  registry: string,
  around: LoginSurroundings,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  for (const file of loginFiles(around)) {
    const configuration = await read(file);
    const found = configuration && (await loginIn(configuration, registry, signal));
    if (found) return found;
  }
  return undefined;
}

function loginFiles({ environment, home }: LoginSurroundings): string[] {
  const { DOCKER_CONFIG: docker, REGISTRY_AUTH_FILE: podman, XDG_RUNTIME_DIR: runtime } = environment;
  return [
    path.join(docker || path.join(home, '.docker'), 'config.json'),
    ...(podman ? [podman] : []),
    ...(runtime ? [path.join(runtime, 'containers/auth.json')] : []),
  ];
}

async function read(file: string): Promise<Configuration | undefined> {
  try {
    return Configuration.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // absent or damaged: the same as no login
  }
}

const namesOf = (registry: string): string[] =>
  registry === 'docker.io' ? [hub, 'index.docker.io', 'docker.io', 'registry-1.docker.io'] : [registry];

/** Older logins were kept under an address with a scheme and a path. */
const bare = (address: string): string => address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

async function loginIn(
  configuration: Configuration,
  registry: string,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  const names = namesOf(registry);
  const own = names.flatMap((name) => configuration.credHelpers?.[name] ?? [])[0];
  const helper = own ?? configuration.credsStore;
  if (helper) {
    for (const name of names) {
      const found = await askHelper(helper, name, signal);
      if (found) return found;
    }
  }
  const auths = Object.entries(configuration.auths ?? {});
  const entry = auths.find(([address]) => names.includes(address) || names.includes(bare(address)));
  return entry && plainLogin(entry[0], entry[1]);
}

function plainLogin(
  serveraddress: string,
  { auth, username, password, identitytoken }: Login,
): Credentials | undefined {
  if (identitytoken) return { serveraddress, identitytoken };
  const decoded = auth ? Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '') : '';
  const colon = decoded.indexOf(':'); // a password may hold further ones
  if (colon > 0) {
    return { serveraddress, username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  }
  return username && password ? { serveraddress, username, password } : undefined;
}

/** Docker's protocol: the address on standard input, JSON on standard output. */
async function askHelper(
  helper: string,
  serveraddress: string,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  try {
    const answer = await runProgram(program, ['get'], {
      input: serveraddress,
      limitMs: programLimits.asksPerson,
      ...(signal && { signal }),
    });
    const { Username: username, Secret: secret } = JSON.parse(answer) as Record<string, string>;
    if (!secret) return undefined;
    // This name says that the secret is a token, not a password.
    if (username === '<token>') return { serveraddress, identitytoken: secret };
    return { serveraddress, ...(username && { username }), password: secret };
  } catch (error) {
    if (signal?.aborted) throw error;
    const failure = error instanceof TareError ? error.failure : undefined;
    // The helpers' common words for a registry that they know nothing about.
    const output = failure?.code === 'program-failed' ? failure.output : '';
    if (/credentials not found/i.test(output)) return undefined;
    throw new TareError(
      { code: 'registry-login-unreadable', registry: serveraddress, program, output: output.trim() },
      { cause: error },
    );
  }
}
