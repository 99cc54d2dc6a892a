/** Which attack comes next, and how one is carried out. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Draw } from './draw';
import type { Kind, Outcome } from './kind';
import type { Stage } from './stage/stage';

export interface Told extends Outcome {
  kind: Kind;
  elapsedMs: number;
  /** folder with all that is left of it, where something was wrong */
  evidence?: string;
}

/** In turns, each kind as often as it says; their order is the seed's. */
export function nextKind(kinds: readonly Kind[], seed: number): () => { kind: Kind; number: number } {
  const draw = new Draw(seed, 'order');
  const turns = kinds.map((kind) => ({ kind, number: 0, due: draw.share() / kind.anHour }));
  return () => {
    const turn = turns.reduce((first, other) => (other.due < first.due ? other : first));
    turn.due += (0.5 + draw.share()) / turn.kind.anHour;
    return { kind: turn.kind, number: turn.number++ };
  };
}

/** @returns what came of it; that an attack itself fails is told as wrong, since nobody knows then what it would have shown */
export async function oneCase(stage: Stage, kind: Kind, number: number, seed: number): Promise<Told> {
  const draw = new Draw(seed, kind.name, number);
  const startedMs = performance.now();
  let evidence: string | undefined;
  const within: Parameters<Kind['attack']>[0]['within'] = async (work, cache) => {
    const scene = stage.scene(`${kind.name}${number}`, cache);
    let outcome: Outcome = { what: '', wrong: ['the attack itself failed'] };
    try {
      return (outcome = await work(scene));
    } finally {
      if (outcome.wrong.length > 0)
        evidence = mkdtempSync(path.join(os.tmpdir(), `tare-evidence-${kind.name}-`));
      await scene.close(evidence === undefined ? undefined : { folder: evidence, wrong: outcome.wrong });
    }
  };
  const outcome = await kind.attack({ stage, draw, number, within }).catch((error: unknown): Outcome => ({
    what: 'failed',
    wrong: [
      `the attack itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ],
  }));
  return {
    ...outcome,
    kind,
    elapsedMs: performance.now() - startedMs,
    ...(evidence !== undefined && { evidence }),
  };
}
