import type { Locale } from './appearance';
import type { InputProblem } from './facts';
import { composeNotes } from './run/compose';
import { failedBoot } from './run/testBoot';
import { deniedEndpoint, type Failure } from './failures';
import { tuningOf } from './targets';
import {
  parseBytes,
  scaleOf,
  showBytes,
  showMs,
  showNumber,
  showPercent,
  showTimes,
  type Digits,
  type Scale,
} from './quantities';
import { isMessageKey, keyIn, type Family, type MessageKey } from './keys';
import type { Fact, Message } from './report/report';
import { catalogueOf } from './words/catalogues';
import { similar } from './words/similar';

export { isMessageKey, keyIn };
export type { Family, KeyOf, MessageKey, NameIn, Problem } from './keys';

/** A sentence that a door will word. What is not a text of ours does not compile. */
export const tell = <F extends Fact = never>(key: MessageKey, facts: Record<string, F> = {}) => ({
  key,
  facts,
});

/** How the quantities of one sentence are shown: each kind in one unit, with the digits that a sentence needs. */
interface Notation {
  bytes: Scale;
  ms: Scale;
  digits: Digits;
}

const digitsOfSentences = [2, 3, 4] as const;

/** Two digits, or as many more as tell quantities apart that are not the same: “2 GiB are needed, 1.9 GiB are there”. */
function notationOf(locale: Locale, facts: Message['facts']): Notation {
  const all = Object.values(facts);
  const bytes = all.flatMap((fact) => (typeof fact === 'object' && 'bytes' in fact ? [fact.bytes] : []));
  const ms = all.flatMap((fact) => (typeof fact === 'object' && 'ms' in fact ? [fact.ms] : []));
  const units = { bytes: scaleOf('bytes', bytes), ms: scaleOf('ms', ms) };
  const areApart = (digits: Digits) =>
    ([bytes, ms] as const).every((values, at) => {
      const show = at === 0 ? showBytes : showMs;
      const scale = at === 0 ? units.bytes : units.ms;
      const apart = [...new Set(values)];
      return new Set(apart.map((value) => show(locale, value, scale, digits))).size === apart.length;
    });
  return { ...units, digits: digitsOfSentences.find(areApart) ?? 4 };
}

/** A fact in the reader's units and notation. */
function showFact(locale: Locale, fact: Fact, { bytes, ms, digits }: Notation): string {
  if (typeof fact === 'string') return fact;
  if (typeof fact === 'number') return showNumber(locale, fact);
  if ('bytes' in fact) return showBytes(locale, fact.bytes, bytes, digits);
  if ('ms' in fact) return showMs(locale, fact.ms, ms, digits);
  if ('times' in fact) return showTimes(locale, fact.times, 2);
  if ('failure' in fact) return explain(locale, fact.failure).what;
  if ('words' in fact) return isMessageKey(fact.words) ? message(locale, fact.words) : fact.words;
  if ('target' in fact) return nameOf(locale, 'target', fact.target);
  if ('list' in fact) return listOf(locale, fact.list);
  return showPercent(locale, fact.percent, 2);
}

/** Records of Tare 0.1 tell a target by a text under one of these names; sentences of today tell `{ target }`. */
const targetFacts = new Set(['target', 'less', 'more', 'vm', 'container']);

const isWide = (character: string): boolean => /[\u3000-\u9fff\uff00-\uffef]/.test(character);

/** Chinese puts a space between its own and Latin characters, so a text has one around a fact; a Chinese fact needs none. */
const spaced = (left: string, space: string, right: string): string =>
  isWide(left) && isWide(right) ? '' : space;

const plurals: Record<Locale, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  'zh-CN': new Intl.PluralRules('zh-CN'),
};

/** `{count|one:layer|other:layers}`: the word that fits the fact's number in this language. */
const counted = (locale: Locale, text: string, facts: Message['facts']): string =>
  text.replace(/\{(\w+)\|([^{}]+)\}/g, (_, name: string, forms: string) => {
    const form = plurals[locale].select(Number(facts[name]));
    const words = new Map(forms.split('|').map((one) => one.split(':', 2) as [string, string]));
    return words.get(form) ?? words.get('other') ?? '';
  });

/** Text for `key`, with each `{name}` replaced by its fact. */
export function message(locale: Locale, key: MessageKey, facts: Message['facts'] = {}): string {
  const notation = notationOf(locale, facts);
  return counted(locale, catalogueOf(locale)[key], facts).replace(
    /( ?)\{(\w+)\}( ?)/g,
    (whole, before: string, name: string, after: string, at: number, text: string) => {
      const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
      if (fact === undefined) return whole;
      const isTarget = targetFacts.has(name) && typeof fact === 'string' && !/^(failure|remedy)\./.test(key);
      const shown = isTarget ? nameOf(locale, 'target', fact) : showFact(locale, fact, notation);
      const [previous, next] = [text.charAt(at - 1), text.charAt(at + whole.length)];
      return spaced(previous, before, shown.charAt(0)) + shown + spaced(shown.slice(-1), after, next);
    },
  );
}

/** Words a message of a record, or passes a plain label through. A key of a newer Tare shows itself. */
export function say(locale: Locale, text: Message | string): string {
  if (typeof text === 'string') return text;
  return isMessageKey(text.key) ? message(locale, text.key, text.facts) : text.key;
}

/** Words for a name that comes from elsewhere; undefined where there are none. */
export function wordsFor(locale: Locale, family: Family, name: string): string | undefined {
  const key = keyIn(family, name);
  return key && message(locale, key);
}

/** Words for a name of a record, or the bare name where there are none: a step or phase that only another Tare knows. */
export function nameOf(locale: Locale, family: Family, name: string): string {
  if (family === 'target' && name.includes('+')) return tunedName(locale, name);
  return wordsFor(locale, family, name) ?? name;
}

/** What a target is called at the begin of a sentence and within it. A repeated or changed one goes by its name. */
export function inSentence(target: string, place: 'subject' | 'object'): Fact {
  const words = keyIn(`answer.${place}`, target);
  return words ? { words } : { target };
}

/** A tuned target: the target itself, and what is changed about it. */
function tunedName(locale: Locale, target: string): string {
  const tuning = tuningOf(target);
  const changes = tuning.map(({ name, value }) => {
    const key = keyIn('lever', `${name}.${value}`) ?? keyIn('lever', name);
    const bytes = name === 'memory' ? parseBytes(value) : undefined;
    return key
      ? message(locale, key, { value: bytes === undefined ? value : { bytes } })
      : `${name}=${value}`;
  });
  return [nameOf(locale, 'target', target.split('+')[0]!), ...changes].join(' + ');
}

/** A preset by its title, any other plan by its own name. */
export const planTitleIn = (locale: Locale, name: string): string =>
  wordsFor(locale, 'ui.preset', `${name}.title`) ?? name;

/** `a, b, c` as the language writes it. */
export const listOf = (locale: Locale, items: readonly string[]): string =>
  items.join(locale === 'zh-CN' ? '、' : ', ');

/** A failure in the reader's language. */
export interface Explanation {
  /** what happened */
  what: string;
  /** what the reader can do about it */
  remedy: string;
  /** evidence, line by line and mostly verbatim: endpoints tried, problems of the input, a program's last words */
  details: string[];
}

/** A program may print megabytes before it fails; its last lines say why. */
const longestEvidence = 20;

const lastLines = (text: string): string[] => text.trimEnd().split('\n').slice(-longestEvidence);

/** Words a failure: what happened, the remedy, and the evidence. */
export function explain(locale: Locale, failure: Failure): Explanation {
  const facts = failureFacts(locale, failure);
  return {
    what: [message(locale, `failure.${caseOf(failure)}`, facts), ...leftRunning(locale, failure)].join(
      locale === 'zh-CN' ? '' : ' ',
    ),
    remedy: remedyOf(locale, failure, facts),
    details: evidence(locale, failure),
  };
}

/** What a failure is worded as: its code, or a case of it that needs words of its own. */
function caseOf(
  failure: Failure,
): Failure['code'] | 'registry-not-reached' | 'not-ready-no-network' | 'not-ready-own-disk' {
  if (failure.code === 'registry-unreachable' && failure.layers === 0) return 'registry-not-reached';
  return ownDiskCase(failure) ?? failure.code;
}

/**
 * A machine from somebody's own disk tells of its network and of nothing else; one of any other kind is not there to be heard before its
 * guest has told that it executes the application.
 */
function ownDiskCase(failure: Failure): 'not-ready-no-network' | 'not-ready-own-disk' | undefined {
  if (failure.code !== 'not-ready' || failure.output === undefined) return undefined;
  if (failure.lastPhase === 'network-up') return 'not-ready-own-disk';
  return failure.lastPhase === 'qemu-ready' ? 'not-ready-no-network' : undefined;
}

function remedyOf(locale: Locale, failure: Failure, facts: Record<string, Fact>): string {
  const endpoint = deniedEndpoint(failure);
  return endpoint === undefined
    ? message(locale, `remedy.${caseOf(failure)}`, facts)
    : message(locale, 'remedy.docker-unreachable-denied', { endpoint });
}

/** What a container's runtime left behind when the engine refused to start it. */
function leftRunning(locale: Locale, failure: Failure): string[] {
  if (failure.code !== 'docker-refused' || !failure.left) return [];
  const { ended, running } = failure.left;
  const programs = (names: readonly string[]) => ({ programs: listOf(locale, names) });
  return [
    ...(ended.length > 0 ? [message(locale, 'failure.left-ended', programs(ended))] : []),
    ...(running.length > 0 ? [message(locale, 'failure.left-running', programs(running))] : []),
  ];
}

function evidence(locale: Locale, failure: Failure): string[] {
  if (failure.code === 'bad-input') return failure.problems.map((problem) => sayProblem(locale, problem));
  if (failure.code === 'compose-empty')
    return composeNotes(failure.notes).map(({ kind, items }) =>
      message(locale, `verdict.compose.${kind}`, { items }),
    );
  if (failure.code === 'docker-unreachable') {
    return failure.tried.map(({ source, endpoint, reason }) =>
      message(locale, endpoint ? 'failure.attempt' : 'failure.attempt-nowhere', {
        source: wordSource(locale, source),
        endpoint,
        reason: wordReason(locale, reason),
      }),
    );
  }
  if (failure.code === 'accelerator-unusable')
    return lastLines(failedBoot(failure.boots)?.output ?? '').filter(Boolean);
  if (failure.code === 'preset-unknown') return meant(locale, failure.name, failure.known);
  if (failure.code === 'target-unknown') return meant(locale, failure.target, failure.known);
  if (failure.code === 'bug') return failure.stack ? lastLines(failure.stack) : [];
  return 'output' in failure && failure.output?.trim() ? lastLines(failure.output) : [];
}

/** Words a problem of an input, after the field it is about. */
function sayProblem(locale: Locale, problem: InputProblem): string {
  const what = say(locale, problem);
  const field = typeof problem === 'string' ? undefined : problem.facts.at;
  return field === undefined ? what : message(locale, 'problem.at', { field, what });
}

/** What a person may have meant who wrote a name that nothing has. */
function meant(locale: Locale, written: string, known: readonly string[]): string[] {
  const near = similar(written, known);
  return near.length > 0 ? [message(locale, 'failure.similar', { similar: listOf(locale, near) })] : [];
}

/**
 * Words why something could not be had: the system's error codes, the guest's and Docker's reasons, and the few fixed ones of
 * the engine. What has no words here (an engine's own sentence) is passed through.
 */
export function wordReason(locale: Locale, reason: string): string {
  const [, first = '', rest = ''] = /^([\w-]+): (.+)$/s.exec(reason) ?? [];
  const systemCode = /\bE[A-Z]{3,}\b/.exec(reason)?.[0] ?? '';
  const slug = reason.toLowerCase().replace(/\W+/g, '-') || '-';
  const key = (name: string) => [`reason.${name}`, `accelerator.${name}`].find(isMessageKey);
  const whole = key(reason) ?? key(slug);
  if (whole) return message(locale, whole);
  const opening = key(first);
  if (opening)
    return message(locale, 'failure.reason-with-text', { reason: message(locale, opening), text: rest });
  const code = key(systemCode);
  return code ? message(locale, code) : reason;
}

/** Where an endpoint was found; names of products and of contexts stay as they are. */
export const wordSource = (locale: Locale, source: string): string =>
  wordsFor(locale, 'source', sourceName(source)) ?? source;

/** The same as a fact of a message. */
export function sourceFact(source: string): Fact {
  const key = `source.${sourceName(source)}`;
  return isMessageKey(key) ? { words: key } : source;
}

const sourceName = (source: string): string => source.replace(/ /g, '-');

/** `download PACKAGE`: a step of the kit, with what it was done to. */
function wordStep(locale: Locale, step: string): string {
  const [name = '', ...subject] = step.split(' ');
  return [nameOf(locale, 'step', `kit-${name}`).replace(/^kit-/, ''), ...subject].join(' ');
}

const isOfBuild = (failure: Failure) => failure.code === 'build-failed' || failure.code === 'build-offline';

/** Numbers that name something: no amounts, so written without separators. */
const namingNumbers: ReadonlySet<string> = new Set(['pid', 'port', 'status', 'exit', 'line', 'pages']);

/** A failure's scalar fields as facts; the unit is the end of the field's name. */
function failureFacts(locale: Locale, failure: Failure): Record<string, Fact> {
  const facts: Record<string, Fact> = {};
  for (const [name, value] of Object.entries(failure)) {
    if (namingNumbers.has(name)) facts[name] = String(value);
    else if (typeof value === 'number') {
      facts[name] = name.endsWith('Bytes') ? { bytes: value } : name.endsWith('Ms') ? { ms: value } : value;
    } else if (name === 'reason' || name === 'lastAnswer')
      facts[name] = wordReason(locale, String(value)).replace(/[.。]$/, '');
    else if (name === 'step' && failure.code === 'kit-failed') facts[name] = wordStep(locale, String(value));
    else if (isOfBuild(failure) && name === 'step' && failure.line !== undefined)
      facts[name] = message(locale, 'failure.step-at-line', { step: failure.step, line: failure.line });
    else if (name === 'startedAt')
      facts[name] = new Date(String(value)).toLocaleString(locale, {
        dateStyle: 'medium',
        timeStyle: 'short',
      });
    else if (name === 'call') facts[name] = nameOf(locale, 'job', String(value));
    else if (name === 'lastPhase') facts[name] = nameOf(locale, 'phase', String(value));
    else if (typeof value === 'string') facts[name] = value;
    else if (name === 'known' || name === 'names') facts[name] = listOf(locale, value as string[]);
  }
  return facts;
}
