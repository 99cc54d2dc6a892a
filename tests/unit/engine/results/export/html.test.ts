import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import { escape } from '../../../../../main/engine/results/export/escape';
import { html, printedPage } from '../../../../../main/engine/results/export/html';
import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';

const policyOf = (text: string) => /Content-Security-Policy" content="([^"]*)"/.exec(text)![1]!;
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const between = (text: string, from: string, to: string) =>
  text.slice(text.indexOf(from) + from.length, text.indexOf(to));

describe.each(locales)('the report as one file (%s)', (locale) => {
  const run = fakeReportedRun({ preset: 'three-apps' });
  const text = html.files(run, locale)[0]!.content;

  it('is the same bytes for the same run', () => {
    expect(html.files(structuredClone(run), locale)[0]!.content).toBe(text);
  });

  it('names no place on the network that a browser would ask', () => {
    const addresses = [...text.matchAll(/\b(?:src|href|srcset|action|xlink:href)="([^"]*)"|url\(([^)]*)\)/g)];
    const asked = addresses.map(([, link, file]) => link ?? file ?? '');
    // its type is inside the file
    expect(asked.filter((one) => !one.startsWith("'data:font/woff2;base64,"))).toEqual([]);
    const links = [...text.matchAll(/https?:\/\/[^\s"'<&]+/g)].map(([link]) => link);
    expect(new Set(links)).toEqual(new Set(['http://www.w3.org/2000/svg']));
  });

  it('lets exactly its own style and script work, and nothing else', () => {
    const policy = policyOf(text).replace(/&#39;/g, "'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`style-src ${hashOf(between(text, '<style>', '</style>'))}`);
    expect(policy).toContain(`script-src ${hashOf(between(text, '<script>', '</script>'))}`);
    expect(text).not.toMatch(/ (?:style|on[a-z]+)="/);
  });

  it('is worded in the language that it says', () => {
    expect(text).toContain(`<html lang="${locale}">`);
    expect(text).not.toMatch(
      /undefined|\[object|\{\w+\}<|(?:verdict|column|table|export|chart)\.[a-z-]+[.<]/,
    );
  });

  it('is light on paper, with nothing to click', () => {
    const printed = printedPage(run, locale);
    expect(printed).not.toMatch(/<script|<details/);
    expect(policyOf(printed)).not.toContain('script-src');
    for (const verdict of run.report.verdicts) expect(printed).toContain(escape(say(locale, verdict.text)));
  });
});

test('what is not ours cannot become markup', () => {
  const run = fakeReportedRun();
  const evil = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>';
  run.plan.name = evil;
  run.environment.host.cpu = evil;
  run.environment.commands[0]!.line = [evil];
  for (const trial of run.trials) trial.memory.missing.push({ what: evil, reason: evil });
  const text = html.files(run, 'en')[0]!.content;
  expect(text).not.toContain('<img');
  expect(text.match(/<script/g)).toHaveLength(1);
});

test('says what a person called and noted it', () => {
  const run = {
    ...fakeReportedRun(),
    label: { name: 'Before <the> update', note: 'First line\nsecond & last' },
  };
  for (const text of [html.files(run, 'en')[0]!.content, printedPage(run, 'en')]) {
    expect(text).toContain('<h1>Before &lt;the&gt; update</h1>');
    expect(text).toContain('First line\nsecond &amp; last');
  }
});

test('says what ended a run that has no report', () => {
  const cut = { ...fakeRun(), failure: { code: 'stopped' as const } };
  expect(html.files(cut, 'en')[0]!.content).toContain('class="failure"');
});
