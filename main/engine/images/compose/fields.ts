/** Pure: what becomes of each field of a service. One that is not named here is given to no target, and that is said. */
import type { ComposeNote } from '../../../contract/run/compose';
import type { ComposeService } from './file';

/** Taken over, as far as translate.ts says no more. */
const taken = new Set([
  ...['image', 'build', 'command', 'entrypoint', 'environment', 'env_file', 'user', 'working_dir'],
  ...['depends_on', 'links', 'healthcheck', 'ports', 'expose', 'mem_limit', 'cpus', 'networks'],
  ...['container_name', 'scale', 'profiles', 'deploy'],
]);
const takenOfBuild = new Set(['context', 'dockerfile', 'target', 'args']);

/** What makes no difference to an instance that is started once, measured and removed. */
const withoutEffect = new Set([
  ...[
    'annotations',
    'attach',
    'develop',
    'label_file',
    'labels',
    'logging',
    'pull_policy',
    'pull_refresh_after',
  ],
  ...['restart', 'stop_grace_period'],
  ...['deploy.endpoint_mode', 'deploy.labels', 'deploy.mode', 'deploy.placement', 'deploy.restart_policy'],
  ...['deploy.rollback_config', 'deploy.update_config'],
  ...['build.cache_from', 'build.cache_to', 'build.labels', 'build.no_cache', 'build.pull', 'build.tags'],
]);

/** A field that says nothing, as Compose prints some. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const written = (
  object: object | null | undefined,
  prefix = '',
  known: ReadonlySet<string> = new Set(),
): string[] =>
  Object.entries(object ?? {})
    .filter(([name, value]) => !known.has(name) && !name.startsWith('x-') && !isEmpty(value))
    .map(([name]) => prefix + name);

/** What of a service no target is given, and what changes nothing. */
export function fieldNotes(service: string, given: ComposeService): ComposeNote[] {
  const { deploy, build, command, entrypoint } = given;
  const resources = (deploy?.resources ?? {}) as { limits?: object; reservations?: object };
  const names = [
    ...written(given, '', taken),
    ...written(build, 'build.', takenOfBuild),
    ...written(deploy, 'deploy.', new Set(['replicas', 'resources'])),
    ...written(resources, 'deploy.resources.', new Set(['limits'])),
    ...written(resources.limits, 'deploy.resources.limits.', new Set(['cpus', 'memory'])),
    // an empty list takes the image's own away, which only an entrypoint can do here
    ...(command?.length === 0 && !entrypoint ? ['command'] : []),
  ];
  return names.map((field) => ({
    kind: withoutEffect.has(field) ? ('no-effect' as const) : ('not-given' as const),
    service,
    field,
  }));
}
