import { describe, expect, it } from 'vitest';
import { fakeLink, ok } from '../../../../support/fakes/fakePage';
import type { Answer } from '../../../../../main/contract/failures';
import type { BuildFolder } from '../../../../../main/contract/work/workflow';
import { Dockerfile } from '../../../../../renderer/pages/workflow/dockerfile.svelte';

const folder = (path: string, text = `FROM ${path}`): BuildFolder => ({
  path,
  isOwn: false,
  text,
  isSaved: true,
  files: [],
});

/** Two folders whose reading is answered when the test says so. */
function folders() {
  const waiting = new Map<string, (answer: Answer<BuildFolder>) => void>();
  const saved: unknown[] = [];
  const link = fakeLink({
    buildFolder: ({ path }: { path: string }) => new Promise((resolve) => void waiting.set(path, resolve)),
    saveBuildFolder: (given: { path: string; text: string }) => {
      saved.push(given);
      return ok(folder(given.path, given.text));
    },
  });
  const answer = (path: string, what: Answer<BuildFolder> = ok(folder(path))) => {
    waiting.get(path)!(what);
    waiting.delete(path);
    return new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { file: new Dockerfile(link), saved, answer, waiting };
}

describe('a Dockerfile that is edited', () => {
  it('is saved where it was read, and only when it was changed', async () => {
    const { file, saved, answer } = folders();
    void file.open('/a');
    await answer('/a');
    expect(await file.save('/a')).toBe(true);
    expect(saved).toEqual([]);
    file.text = 'FROM mine';
    expect(file.changed).toBe(true);
    expect(await file.save('/a')).toBe(true);
    expect(saved).toEqual([{ path: '/a', text: 'FROM mine', replace: false }]);
    expect(file.changed).toBe(false);
  });

  it('is never saved into a folder that is named before it is read', async () => {
    const { file, saved, answer } = folders();
    void file.open('/a');
    await answer('/a');
    file.text = 'FROM mine';
    const saving = file.save('/b');
    expect(file.folder).toBeUndefined();
    await answer('/b');
    expect(await saving).toBe(true);
    expect(saved).toEqual([]);
    expect(file.text).toBe('FROM /b');
  });

  it('shows the folder that was named last, whichever answers last', async () => {
    const { file, answer } = folders();
    void file.open('/a');
    void file.open('/b');
    await answer('/b');
    await answer('/a');
    expect(file.folder?.path).toBe('/b');
    expect(file.text).toBe('FROM /b');
  });

  it('is not saved when another folder was named while it was waited for', async () => {
    const { file, saved, answer } = folders();
    const saving = file.save('/a');
    void file.open('/b');
    await answer('/b');
    file.text = 'FROM mine';
    await answer('/a');
    expect(await saving).toBe(false);
    expect(saved).toEqual([]);
  });

  it('is read again when it could not be read', async () => {
    const { file, answer } = folders();
    const failure = { code: 'build-folder-unusable', path: '/a', reason: 'ENOENT' } as const;
    const first = file.save('/a');
    await answer('/a', { ok: false, failure });
    expect(await first).toBe(false);
    expect(file.failure).toEqual(failure);
    const second = file.save('/a');
    await answer('/a');
    expect(await second).toBe(true);
    expect(file.failure).toBeUndefined();
  });
});
