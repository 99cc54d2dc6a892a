import { rows, type Kind } from './kind';
import type { Told } from './schedule';

const count = (told: readonly Told[]): number => told.reduce((sum, { tried = 1 }) => sum + tried, 0);

/** What was tried and what came of it, in Markdown. */
export function resultTable(kinds: readonly Kind[], told: readonly Told[]): string {
  const lines = rows.flatMap((row) =>
    kinds
      .filter((kind) => kind.row === row)
      .map((kind) => {
        const own = told.filter((one) => one.kind === kind);
        const bad = own.filter(({ wrong }) => wrong.length > 0);
        const survived = count(own) - bad.reduce((sum, { wrong }) => sum + wrong.length, 0);
        const wrong = bad.flatMap((one) => one.wrong);
        return `| ${row}: ${kind.title} | ${count(own)} | ${Math.max(0, survived)} | ${wrong.length === 0 ? '0' : wrong.length} |`;
      }),
  );
  return ['| what | tried | survived | left over, or wrong |', '|---|---|---|---|', ...lines].join('\n');
}
