/** Small repositories of git for what judges commits. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Run } from '../../../main/contract/run/run';
import { docker, testKit } from '../images';

const who = { name: 'Ann', email: 'ann@example.org' };

/** Runs git in a repository, on a day, whatever this computer's own settings are; answers with what it prints. */
export function git(repository: string, words: string[], day = '2026-11-20'): string {
  const date = `${day}T12:00:00+00:00`;
  return execFileSync('git', words, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: who.name,
      GIT_AUTHOR_EMAIL: who.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: who.name,
      GIT_COMMITTER_EMAIL: who.email,
      GIT_COMMITTER_DATE: date,
    },
  }).trim();
}

/** An empty one, whose branch is called main. */
export function makeRepository(folder: string): string {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  return folder;
}

/** Commits all that lies there, and answers with the commit's id. */
export function commitAll(repository: string, day?: string): string {
  git(repository, ['add', '--all'], day);
  git(repository, ['commit', '--quiet', '--allow-empty', '--message=change'], day);
  return git(repository, ['rev-parse', 'HEAD'], day);
}

/** Two commits of a web page: the second holds 20 MiB more in memory and begins to listen 300 ms later. */
export async function growingRepository(folder: string): Promise<{ base: string; head: string }> {
  const repository = makeRepository(folder);
  const file = (name: string) => path.join(repository, name);
  copyFileSync((await testKit()).busybox, file('busybox'));
  chmodSync(file('busybox'), 0o755);
  const holder = path.resolve(import.meta.dirname, '../../fixtures/holder/holder.c');
  execFileSync('cc', ['-static', '-Os', '-o', file('holder'), holder]);
  writeFileSync(file('index.html'), 'hello\n');
  writeFileSync(
    file('Dockerfile'),
    'FROM scratch\nCOPY busybox holder start /bin/\nCOPY index.html /www/\nEXPOSE 8080\nCMD ["/bin/busybox", "sh", "/bin/start"]\n',
  );
  const serve = 'exec /bin/busybox httpd -f -p 8080 -h /www\n';
  writeFileSync(file('start'), `/bin/holder nothing &\n${serve}`);
  const base = commitAll(repository, '2026-11-20');
  writeFileSync(file('start'), `/bin/holder anonymous 20 &\n/bin/busybox sleep 0.3\n${serve}`);
  const head = commitAll(repository, '2026-11-24');
  return { base, head };
}

/** Takes away the images that a gate built, by its records. */
export async function removeBuilt(reports: string): Promise<void> {
  const records = readdirSync(reports).filter((name) => name.endsWith('.json'));
  const images = records.flatMap((name) => {
    const run = Run.parse(JSON.parse(readFileSync(path.join(reports, name), 'utf8')));
    return run.environment.images.map(({ digest }) => digest);
  });
  if (images.length > 0) await docker('image', 'rm', '--force', ...new Set(images));
}
