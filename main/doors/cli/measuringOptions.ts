import type { Command } from 'commander';
import type { MessageKey } from '../../contract/messages';

/** Of an option that may be given more than once. */
export const collected = (value: string, before: string[] = []): string[] => [...before, value];

/** What every command that measures lets one choose: how the application is run, where, and how often. */
export const addMeasuring = (command: Command, say: (key: MessageKey) => string): Command =>
  command
    .option('--env <key[=value]>', say('cli.option.env'), collected)
    .option('--outgoing', say('cli.option.outgoing'))
    .option('--with-values', say('cli.option.with-values'))
    .option('--port <n>', say('cli.option.port'))
    .option('--probe <path>', say('cli.option.probe'))
    .option('--targets <a,b>', say('cli.option.targets'))
    .option('--trials <n>', say('cli.option.trials'))
    .option('--memory <size>', say('cli.option.memory'))
    .option('--cpus <n>', say('cli.option.cpus'))
    .option('--seed <n>', say('cli.option.seed'))
    .option('--precision <share>', say('cli.option.precision'))
    .option('--budget <time>', say('cli.option.budget'))
    .option('--soak <time>', say('cli.option.soak'))
    .option('--cold', say('cli.option.cold'))
    .option('--timeout <time>', say('cli.option.timeout'));
