import { describe, expect, test } from 'vitest';
import texts from '../../../../assets/glossary.json';
import { tare } from '../../../support/commandLine';

const hasChinese = /[\u4e00-\u9fff]/;

describe('tare explain', () => {
  test.each(['pss', 'PSS', 'proportional set size', 'Proportional_Set_Size', '按比例分摊'])(
    '%s is the same term',
    async (word) => {
      const { code, stdout, used } = await tare(['explain', word]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^PSS\n {2}Proportional set size: /);
      expect(stdout).toContain('See also: rss, own-memory');
      expect(used).toBe(false);
    },
  );

  test('speaks the reader’s language', async () => {
    const { stdout } = await tare('explain own memory --lang zh-CN');
    expect(stdout).toContain('自有内存');
    expect((await tare('explain own memory')).stdout).not.toMatch(hasChinese);
  });

  test('without a word lists all terms, within 80 columns', async () => {
    for (const lang of ['en', 'zh-CN']) {
      const { stdout } = await tare(`explain --lang ${lang}`, { columns: 80 });
      for (const id of Object.keys(texts)) expect(stdout).toContain(id);
    }
  });

  test('--json is data and nothing else', async () => {
    expect(JSON.parse((await tare('explain tcg --json')).stdout)).toMatchObject({
      id: 'tcg',
      name: 'TCG (emulated)',
      see: ['accelerator', 'kvm'],
    });
    expect(JSON.parse((await tare('explain --json')).stdout)).toHaveLength(Object.keys(texts).length);
  });

  test('a word that is nearly right is answered by the term that may have been meant', async () => {
    const { code, stderr, stdout } = await tare('explain workingset');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Did you mean working-set?');
  });
});
