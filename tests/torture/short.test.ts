/** A few attacks, the same each time; `npm run torture` goes on for as long as it is told to, with others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from './kinds';
import { oneCase } from './schedule';
import { openStage, type Stage } from './stage/stage';

const isRoot = process.getuid?.() === 0;
const seed = 13;

/** Kinds of which so many are tried here. */
const few: Record<string, number> = { kill: 2, file: 1, image: 1, web: 1 };

describe.skipIf(!isRoot)('attacked (as root, for a Docker of its own)', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const cases = Object.entries(few).flatMap(([name, times]) =>
    Array.from({ length: times }, (_, number) => [name, number] as const),
  );
  test.each(cases)('%s %i: nothing is left, lost or mistaken', async (name, number) => {
    const kind = kinds.find((one) => one.name === name)!;
    const { what, wrong, evidence } = await oneCase(stage, kind, number, seed);
    expect({ what, wrong, evidence }).toEqual({ what, wrong: [], evidence: undefined });
  });
});
