/** Typed in a host where Tare is installed: opens its window on a virtual screen, and prints what is to be seen there. */
import { readFileSync } from 'node:fs';
import { _electron } from 'playwright-core';
import { processes } from '../../main/engine/base/process/proc';
import { watchProblems } from '../support/window/app';
import { virtualScreen } from '../support/window/screen';

export interface WindowFacts {
  heading: string;
  /** each of the page's processes is confined by a filter of system calls */
  isConfined: boolean;
  problems: string[];
}

const patienceMs = 10 * 60_000;

await using screen = await virtualScreen();
const app = await _electron.launch({
  executablePath: '/usr/bin/tare-desktop',
  chromiumSandbox: true,
  env: { ...(process.env as Record<string, string>), DISPLAY: screen.display },
  timeout: patienceMs,
});
app.context().setDefaultTimeout(patienceMs);
const page = await app.firstWindow();
const problems = watchProblems(page);
const heading = page.getByRole('heading', { level: 1 });
await heading.waitFor();
const pages = processes().filter(({ words }) => words.join(' ').includes('--type=renderer'));
const facts: WindowFacts = {
  heading: await heading.innerText(),
  isConfined:
    pages.length > 0 &&
    pages.every(({ pid }) => /^Seccomp:\s*2$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))),
  problems,
};
await app.close();
console.log(JSON.stringify(facts));
