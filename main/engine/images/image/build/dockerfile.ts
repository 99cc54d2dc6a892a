/** What a Dockerfile says, as far as it matters who can carry it out and where something went wrong. Pure. */

/** An instruction with its lines joined, and the line that it begins on, from 1. */
export interface Instruction {
  line: number;
  text: string;
}

const heredocs = /(?:^|\s)\d*<<-?(["']?)([A-Za-z_][\w.]*)\1/g;

/** The instructions in their order; comments and the texts of heredocs are none. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile.split(/\r?\n/);
  const escape = /^\s*#\s*escape\s*=\s*`/im.test(lines.slice(0, 5).join('\n')) ? '`' : '\\';
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (/^\s*(#|$)/.test(lines[at]!)) continue;
    const begun = at;
    let text = '';
    for (; at < lines.length; at++) {
      const line = lines[at]!;
      if (at > begun && /^\s*#/.test(line)) continue; // a comment between continued lines
      const trimmed = line.trimEnd();
      if (!trimmed.endsWith(escape)) {
        text += line;
        break;
      }
      text += trimmed.slice(0, -1);
    }
    found.push({ line: begun + 1, text: text.trim().replace(/\s+/g, ' ') });
    if (!/^\s*(ONBUILD\s+)?(RUN|COPY|ADD)\b/i.test(text)) continue;
    for (const [, , name] of text.matchAll(heredocs)) {
      while (++at < lines.length && lines[at]!.replace(/^\t+/, '') !== name);
    }
  }
  return found;
}

/**
 * What only BuildKit carries out. The classic builder refuses some of it, and does something else with the rest without a word: of
 * a heredoc it runs the first line alone, and `ADD --checksum` compares nothing.
 */
const onlyBuildkit = [
  /^RUN\s+(--\w+(=\S+)?\s+)*--(mount|network|security)\b/i,
  /^(COPY|ADD)\s+(--\w+(=\S+)?\s+)*--(chmod|link|parents|exclude|checksum|keep-git-dir)\b/i,
  /^(RUN|COPY|ADD)\b.*\s\d*<<-?["']?[A-Za-z_]/i,
];

/** The first instruction that only BuildKit carries out. A shell's own here-document (`cat <<EOF`) is one too: its text would be lost. */
export const needsBuildkit = (dockerfile: string): Instruction | undefined =>
  instructionsOf(dockerfile).find(({ text }) => {
    const bare = text.replace(/^ONBUILD\s+/i, '');
    return onlyBuildkit.some((form) => form.test(bare));
  });
