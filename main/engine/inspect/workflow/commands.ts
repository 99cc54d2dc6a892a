/** For each step the line with which a person does the same, or sees what it left, in a terminal. */
import type { BuildOptions } from '../../../contract/work/building';
import type { WorkflowStepName } from '../../../contract/work/workflow';
import { shellLine } from '../../../contract/commandLine';
import { shownWords } from '../../images/image/build/optionWords';
import { splitReference } from '../../images/image/pull';
import type { ImageStore } from '../../base/docker/store';

/** Under this name the lines start their container: it is theirs, not Tare's. */
const name = 'tare-workflow';

export interface CommandFacts {
  /** what is built, under which tag */
  folder?: { path: string; tag: string; options: BuildOptions };
  /** what is pulled */
  reference?: string;
  /** the image as the lines name it */
  image: string;
  /** `docker run …` */
  run?: string[];
  /** the port inside, and what is asked there */
  port?: number;
  path?: string;
  program: 'docker' | 'podman';
  store: ImageStore;
}

type Lines = Partial<Record<WorkflowStepName, string>>;

/** The lines for Docker's way. */
export function dockerLines(facts: CommandFacts): Lines {
  const { folder, reference, image, program, port } = facts;
  const inspect = (field: string) => `${program} inspect -f '${field}' ${name}`;
  const pid = `$(${inspect('{{.State.Pid}}')})`;
  const history = shellLine([program, 'history', '--no-trunc', image]);
  return {
    ...(folder && buildLines(folder, program, history)),
    ...(reference !== undefined && pullLines(reference, program)),
    'look-up': shellLine([program, 'image', 'inspect', image]),
    ...(facts.run && createLines(facts.run, program)),
    // containerd's store tells no folder of it, but the kernel does
    'writable-layer':
      facts.store === 'containerd'
        ? `sudo grep ' / / ' /proc/${pid}/mountinfo`
        : inspect('{{json .GraphDriver.Data}}'),
    network: inspect('{{json .NetworkSettings.Networks}}'),
    runtime: `cat /proc/${pid}/cgroup`,
    namespaces: `sudo ls -l /proc/${pid}/ns`,
    'start-all': inspect('{{json .State}}'),
    ...(port !== undefined && { ask: `curl http://$(${program} port ${name} ${port})${facts.path ?? '/'}` }),
    stop: shellLine([program, 'stop', '-t', '1', name]),
    remove: shellLine([program, 'rm', name]),
    'end-process': `${program} events --filter container=${name}`,
  };
}

const buildLines = (
  folder: NonNullable<CommandFacts['folder']>,
  program: string,
  history: string,
): Lines => ({
  build: shellLine([
    ...[program, 'build', '-t', folder.tag],
    ...shownWords(folder.path, folder.options),
    folder.path,
  ]),
  'receive-context': shellLine(['ls', '-la', folder.path]),
  'build-step': history,
  'build-graph': history,
  'build-cached': history,
  tag: shellLine([program, 'image', 'ls', folder.tag.replace(/:[^:]*$/, '')]),
});

function pullLines(reference: string, program: string): Lines {
  const { fromImage, tag } = splitReference(reference);
  const whole = `${fromImage}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
  return {
    pull: shellLine([program, 'pull', whole]),
    manifest: shellLine([program, 'manifest', 'inspect', whole]),
    unpack: shellLine([program, 'history', whole]),
  };
}

/** `docker run` is create and start in one. */
function createLines(run: string[], program: string): Lines {
  const rest = run.slice(run.indexOf('-d') + 2); // docker run -d --rm …
  return {
    create: shellLine([program, 'create', '--name', name, ...rest]),
    start: shellLine([program, 'start', name]),
  };
}

/** The lines for the machine's way. */
export function machineLines(facts: { image: string; qemu: string[]; path: string }): Lines {
  const { image, qemu, path } = facts;
  const hostPort = /hostfwd=tcp:127\.0\.0\.1:(\d+)-/.exec(qemu.join(' '))?.[1];
  return {
    disk: [
      `docker create --name tare-disk ${shellLine([image])} none`,
      'docker export tare-disk | mkfs.erofs --tar=f disk.erofs',
      'docker rm tare-disk',
    ].join(' && '),
    spawn: shellLine(qemu),
    ...(hostPort && { ask: `curl http://127.0.0.1:${hostPort}${path}` }),
  };
}
