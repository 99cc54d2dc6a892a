import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../../../assets/messages/en.json';
import zhCN from '../../../assets/messages/zh-CN.json';
import { locales } from '../../../main/contract/appearance';
import { Failure, type FailureCode } from '../../../main/contract/failures';
import { explain, message, say, sourceFact, wordReason } from '../../../main/contract/messages';
import { everyFailure } from '../../support/fakes/failures';

const root = path.resolve(import.meta.dirname, '../../..');
const english = Object.entries(en as Record<string, string>);
const chinese = new Map(Object.entries(zhCN as Record<string, string>));
/** The facts of a text, each once: a language may need one twice. */
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join();

/** Names and signs that are the same in both languages. */
const sameInBoth =
  /^(\W|\d|\{\w+\}|KVM|HVF|WHPX|QEMU|Docker|Tare|CPU|PSS|PID|UID|ID|n|init|ms|MiB|GiB|CSV|JSON|SVG|Markdown|nginx|PostgreSQL|Valkey|Node|Python|Java|English|简体中文)*$/;

/** Names that programs, systems and packages give: no source of ours spells them. */
const isFromElsewhere = (key: string): boolean =>
  /^(reason\.(E[A-Z_]+|[a-z-]+)|cli\.usage\.\w+|source\.[a-z-]+|step\.kit-[a-z-]+|hypervisor\.\w+)$/.test(
    key,
  );

/** Columns whose cells are names of ours: the column's id is the family of their words. */
const worded = ['kind', 'limit', 'metric', 'outcome', 'judgement', 'why', 'condition'];

/**
 * Tells whether sources use a key: it stands there as it is, or a template or a look-up makes it of a family (`phase.${name}`,
 * `nameOf(locale, 'phase', name)`) and a name that stands there too.
 */
function usesIn(source: string): (key: string) => boolean {
  const literals = new Set([...source.matchAll(/['"`]([\w.:+#-]+)['"`]/g)].map((match) => match[1]!));
  const words = new Set(source.match(/[\w:-]+/g));
  const templates = [
    ...source.matchAll(/`([a-zA-Z][a-zA-Z-]*\.(?:\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\}|[^`\s$])*)`/g),
  ].map((match) => match[1]!);
  const families = [
    ...source.matchAll(/(?:wordsFor|nameOf|keyIn|named|known)\((?:[\w.()]+, )?'([a-zA-Z.]+)'/g),
  ];
  const patterns = [
    ...templates.map((text) => text.replace(/\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\}/g, '\0')),
    ...[...families.map((match) => match[1]!), ...worded].map((family) => `${family}.\0`),
  ].map((text) => new RegExp(`^${text.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&').replaceAll('\0', '(.+)')}$`));
  const isSpelled = (name: string) =>
    literals.has(name) ||
    name.split('.').every((part) => words.has(part) || part.split(/[:-]/).every((word) => words.has(word)));
  return (key) =>
    literals.has(key) ||
    patterns.some((pattern) => {
      const [, ...names] = pattern.exec(key) ?? [];
      return names.length > 0 && names.every(isSpelled);
    });
}

describe('the two catalogues', () => {
  test('have the same keys, sorted, so that two changes seldom touch the same line', () => {
    expect([...chinese.keys()]).toEqual(english.map(([key]) => key));
    expect(english.map(([key]) => key)).toEqual(english.map(([key]) => key).sort());
  });

  const keysWhere = (isWrong: (text: string, other: string) => boolean) =>
    english.filter(([key, text]) => isWrong(text, chinese.get(key) ?? '')).map(([key]) => key);

  test('have a text for every key', () => {
    expect(english.length).toBeGreaterThan(200);
    expect(keysWhere((text, other) => text.trim() === '' || other.trim() === '')).toEqual([]);
  });

  test('name the same facts', () => {
    expect(keysWhere((text, other) => placeholders(text) !== placeholders(other))).toEqual([]);
  });

  test('count by the forms that the language has', () => {
    for (const [locale, texts] of [
      ['en', english.map(([, text]) => text)],
      ['zh-CN', [...chinese.values()]],
    ] as const) {
      const forms = [...new Intl.PluralRules(locale).resolvedOptions().pluralCategories].sort();
      const counted = texts.flatMap((text) =>
        [...text.matchAll(/\{\w+\|([^{}]+)\}/g)].map((match) => match[1]!),
      );
      for (const one of counted) expect(one.split('|').map((form) => form.split(':')[0])).toEqual(forms);
    }
  });

  test('are both translated, but for names and signs', () => {
    expect(keysWhere((text, other) => text === other && !sameInBoth.test(text))).toEqual([]);
  });

  test('keep a space between Chinese and Latin, and Chinese punctuation in Chinese', () => {
    const glued = /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]|[\u4e00-\u9fff][,;:?!]/;
    expect(keysWhere((_, other) => glued.test(other))).toEqual([]);
  });
});

describe('keys', () => {
  const folders = ['main', 'renderer', 'preload'];
  const sources = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const families = [...new Set(english.map(([key]) => key.split('.')[0]))].join('|');
  const literal = new RegExp(`['"\`]((?:${families})\\.[a-zA-Z][\\w.:-]*)['"\`]`, 'g');

  test('that the source names exist', () => {
    const named = sources.flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(literal)].map((match) => ({
        file,
        key: match[1]!,
      })),
    );
    expect(named.length).toBeGreaterThan(50);
    const notAKey = /^part\.\w+Bytes$|\.([A-Z]+|json|js|cjs|tar|ts|md|svg|csv|html|ya?ml)$/; // a metric, `failure.CODE` in a docstring, or a file's name
    const isFamily = (name: string) => english.some(([key]) => key.startsWith(`${name}.`)); // for a look-up in it
    expect(named.filter(({ key }) => !(key in en) && !isFamily(key) && !notAKey.test(key))).toEqual([]);
  });

  test('that nobody uses are not kept', () => {
    const named = [...sources, 'assets/published.json']; // whose figures' names are those of their texts
    const uses = usesIn(named.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n'));
    expect(
      english
        .map(([key]) => key)
        .filter((key) => !uses(key.replace(/(Hint|#2)$/, '')) && !isFromElsewhere(key)),
    ).toEqual([]);
  });

  test('name every step that a script of the guest’s parts tells', () => {
    const guest = path.join(root, 'assets/guest');
    const scripts = readdirSync(guest, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.sh'),
    );
    const steps = scripts.flatMap((name) =>
      [...readFileSync(path.join(guest, name), 'utf8').matchAll(/^\s*(?:step|echo "@step) ([a-z-]+)/gm)].map(
        (match) => match[1]!,
      ),
    );
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.filter((name) => !(`step.kit-${name}` in en))).toEqual([]);
  });

  test('word every reason that the engine and the doors give', () => {
    const given = sources.flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(/\breason: '([^']+)'(?! in)/g)].map(
        (match) => match[1]!,
      ),
    );
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((reason) => !(`reason.${reason}` in en) && !(`accelerator.${reason}` in en))).toEqual(
      [],
    );
  });
});

describe('failures', () => {
  const codes = Failure.options.map((option) => option.shape.code.value);

  test('have an example here for every code', () => {
    expect(everyFailure.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  for (const locale of locales) {
    test.each(everyFailure)(`$code is explained in ${locale}, with a remedy and no open fact`, (failure) => {
      const { what, remedy, details } = explain(locale, failure);
      for (const text of [what, remedy, ...details]) expect(text).not.toMatch(/\{\w+\}|undefined|\[object/);
      expect(what).not.toBe(`failure.${failure.code}`);
      expect(remedy).not.toBe(`remedy.${failure.code}`);
    });
  }

  test('lists each attempt to reach Docker, with the system’s codes in words', () => {
    const failure = everyFailure.find(({ code }) => code === ('docker-unreachable' satisfies FailureCode))!;
    expect(explain('en', failure).details).toEqual([
      'DOCKER_HOST: tcp://10.0.0.1:2375: nothing listens there',
      'default: /var/run/docker.sock: permission denied',
    ]);
  });

  test('tells who may not open an engine’s socket to join its group, and nobody else', () => {
    const tried = [{ source: 'default socket', endpoint: 'unix:///run/docker.sock', reason: 'ENOENT' }];
    const told = (reason: string) =>
      explain('en', { code: 'docker-unreachable', tried: [...tried, { ...tried[0]!, reason }] }).remedy;
    expect(told('EACCES')).toMatch(/You may not open unix:\/\/\/run\/docker\.sock\..*usermod -aG docker/);
    expect(told('ECONNREFUSED')).not.toContain('usermod');
  });

  test('writes a process and a port as they are called, not as amounts', () => {
    const busy: Failure = {
      ...{ code: 'machine-busy', call: 'run', pid: 19130 },
      startedAt: '2026-01-02T12:00:00.000Z',
    };
    for (const locale of locales) {
      expect(explain(locale, busy).what).toContain('19130');
      expect(explain(locale, { code: 'port-taken', port: 18080 }).what).toContain('18080');
    }
  });

  test('says of a registry that never answered that it was not reached, and counts no layers', () => {
    const failure = everyFailure.find((one) => one.code === 'registry-unreachable')!;
    const told = (layers: number) => explain('en', { ...failure, done: Math.min(2, layers), layers });
    expect(told(5).what).toMatch(/^The connection to the registry .* broke, with 2 of 5 layers/);
    expect(told(0).what).toMatch(/^The registry .* could not be reached/);
    expect(told(0).what).not.toMatch(/layers/);
    expect(told(0).remedy).toContain('--workload web');
  });

  test('keeps only the last lines of a long output', () => {
    const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const { details } = explain('en', { code: 'ended-early', exit: 'exit 3', output });
    expect(details.at(-1)).toBe('line 99');
    expect(details).toHaveLength(20);
  });
});

describe('a message', () => {
  test('shows facts in the reader’s units', () => {
    const facts = {
      neededBytes: { bytes: 3 * 1024 ** 3 },
      availableBytes: { bytes: 1024 ** 3 },
      floorBytes: { bytes: 0 },
    };
    expect(message('en', 'failure.memory-short', facts)).toContain('3 GiB');
    expect(message('zh-CN', 'failure.memory-short', facts)).toContain('1 GiB');
  });

  test('names where an engine’s address was found, and leaves names of contexts as they are', () => {
    const found = (source: string) =>
      message('zh-CN', 'check.docker.found', {
        ...{ name: 'Docker', version: '29.0.0', endpoint: '/var/run/docker.sock' },
        source: sourceFact(source),
      });
    expect(found('default socket')).toContain('（默认套接字）');
    expect(found('context desktop-linux')).toContain('（context desktop-linux）');
  });

  test('names targets in the reader’s language, without a space between two Chinese words', () => {
    const facts = {
      workload: 'web',
      less: 'container',
      more: 'vm:direct',
      ratio: 3,
      low: 2,
      high: 4,
      n: 6,
      lessValue: 'a',
      moreValue: 'b',
    };
    expect(message('en', 'verdict.start-up.clear', facts)).toContain(
      'container is ready 3 × sooner than VM (direct boot) (',
    );
    expect(message('zh-CN', 'verdict.start-up.clear', facts)).toContain(
      '虚拟机（跳过固件）的就绪时间是容器的 3 倍',
    );
  });

  test('with a key of a newer Tare shows the key', () => {
    expect(say('zh-CN', { key: 'verdict.of-the-future', facts: {} })).toBe('verdict.of-the-future');
    expect(say('en', { key: 'constructor', facts: {} })).toBe('constructor');
  });

  test.each([
    ['en', 1, 'shared with 1 other image'],
    ['en', 2, 'shared with 2 other images'],
    ['zh-CN', 1, '与另外 1 个镜像共享'],
  ] as const)('counts in %s', (locale, count, words) =>
    expect(message(locale, 'cli.image.shared', { count })).toBe(words),
  );

  test.each([
    ['en', 'VM (microvm): shares none of the 3 with this computer.'],
    ['zh-CN', '虚拟机（microvm）：3 项中没有一项与本机共享。'],
  ] as const)('names a target in %s', (locale, words) =>
    expect(message(locale, 'isolation.shares-nothing', { target: { target: 'vm:micro' }, of: 3 })).toBe(
      words,
    ),
  );

  test('leaves a placeholder whose fact is absent, rather than inventing one', () => {
    expect(message('en', 'failure.run-unknown', { toString: 'x' })).toContain('{id}');
  });
});

describe('reasons', () => {
  test.each([
    ['ENOENT', 'there is no such file'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'nothing listens there'],
    ['no-such-command: /app: No such file', 'the image has no such command (/app: No such file)'],
    ['not offered by this system', 'not offered by this system'],
    ['absent', '/dev/kvm does not exist on this computer'],
    ['', 'none'],
    ['pull access denied for x', 'pull access denied for x'],
  ])('%j reads %j', (reason, words) => expect(wordReason('en', reason)).toBe(words));
});

describe('a machine from somebody’s own disk that never answers', () => {
  const failure = { code: 'not-ready', waitedMs: 600_000, lastAnswer: 'silent' } as const;

  test('is told by how far its system came, with what it printed', () => {
    const stuck = explain('en', { ...failure, lastPhase: 'qemu-ready', output: 'No bootable device.\n' });
    expect(stuck.what).toBe('The system on the disk did not set up its network card within 10 min.');
    expect(stuck.remedy).toContain('virtio');
    expect(stuck.details).toEqual(['No bootable device.']);
    const mute = explain('en', { ...failure, lastPhase: 'network-up', output: ' \n' });
    expect(mute.what).toMatch(/set up its network card, and gave no good answer/);
    expect(mute.remedy).toMatch(/DHCP.*console=ttyS0/);
    expect(mute.details).toEqual([]);
  });

  test('is no other target', () => {
    for (const other of [{ lastPhase: 'exec', output: '' }, { lastPhase: 'qemu-ready' }])
      expect(explain('en', { ...failure, ...other }).what).toMatch(/^There was no good answer/);
  });
});
