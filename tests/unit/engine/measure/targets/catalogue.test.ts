import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../../../../main/contract/messages';
import { obstacleOf } from '../../../../../main/engine/measure/targets/catalogue';

test.each(['vm:micro', 'vm:snapshot'] as const)(
  '%s cannot be had before the minimal kernel is built',
  async (id) => {
    const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-catalogue-'));
    try {
      const why = await obstacleOf(id, { cacheFolder }, new AbortController().signal);
      expect(why).toMatchObject({ code: 'kernel-missing' });
      expect(explain('en', why!).remedy).toContain('tare guest build --kernel minimal');
    } finally {
      rmSync(cacheFolder, { recursive: true });
    }
  },
);
