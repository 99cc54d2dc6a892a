import { languageNames, locales, Theme } from '../../main/contract/appearance';
import { documentFormats } from '../../main/contract/exports';
import { sections, type PageName } from '../../main/contract/pages';
import { Plan, type PlanInput } from '../../main/contract/plan';
import type { RunSummary } from '../../main/contract/run/run';
import { moment, planTitle, runTitle, t } from '../i18n.svelte';
import { readOnly } from '../state/access';
import { appearance } from '../state/appearance.svelte';
import { compareMode, type CompareMode } from '../state/compareMode.svelte';
import type { HostsState } from '../state/hosts/hosts.svelte';
import type { LiveState } from '../state/live.svelte';
import { notices } from '../state/notices.svelte';
import { router } from '../state/route.svelte';
import type { IconName } from '../parts/icons';

/** One line of the command palette. */
export interface Command {
  id: string;
  group: 'pages' | 'measure' | 'runs' | 'actions';
  words: string;
  icon: IconName;
  run: () => void;
}

/** Shows the start page in one of its forms. */
function showForm(mode: CompareMode): void {
  compareMode.value = mode;
  router.go({ page: 'compare' });
}

/** Starts a plan and shows it; what keeps it from starting is told. */
async function measure(live: LiveState, plan: Plan): Promise<void> {
  const started = await live.start(plan);
  if ('id' in started) router.go({ page: 'live', run: started.id });
  else notices.tell({ failure: started.failure });
}

export interface CommandSources {
  live: LiveState;
  hosts: HostsState;
  presets: readonly PlanInput[];
  /** newest first */
  runs: readonly RunSummary[];
  /** exports the run that is shown, where one is */
  exportAs?: ((format: (typeof documentFormats)[number]) => void) | undefined;
  showShortcuts: () => void;
}

const iconOf = (page: PageName): IconName => (page === 'report' ? 'history' : (page as IconName));

const goTo = (): Command[] =>
  sections.flatMap(({ pages: listed }) =>
    listed.map((page): Command => ({
      id: `page-${page}`,
      group: 'pages',
      words: t(`ui.nav.${page}`),
      icon: iconOf(page),
      run: () => router.go({ page }),
    })),
  );

/** Nothing where a page may only look on; no preset while a run is under way. */
function measuring({ live, hosts, presets }: Pick<CommandSources, 'live' | 'hosts' | 'presets'>): Command[] {
  if (readOnly) return [];
  const startable = live.running ? [] : presets;
  return [
    ...startable.map((preset): Command => ({
      id: `preset-${preset.name}`,
      group: 'measure',
      words: t('ui.palette.measure', { what: planTitle(preset.name) }),
      icon: 'play',
      run: () => void measure(live, Plan.parse(preset)),
    })),
    { id: 'own', group: 'measure', words: t('ui.first.own'), icon: 'edit', run: () => showForm('own') },
    {
      id: 'compose',
      group: 'measure',
      words: t('ui.compare.composeTitle'),
      icon: 'edit',
      run: () => showForm('compose'),
    },
    {
      id: 'hosts',
      group: 'measure',
      words: t('ui.palette.hosts'),
      icon: 'environment',
      // they are chosen on the one page, once there are any, and added on the other
      run: () => router.go({ page: hosts.areThere ? 'compare' : 'environment' }),
    },
  ];
}

const recent = (runs: CommandSources['runs']): Command[] =>
  runs.slice(0, 8).map((run): Command => ({
    id: `run-${run.id}`,
    group: 'runs',
    words: `${runTitle(run)} · ${moment(run.startedAt)}`,
    icon: 'history',
    run: () => router.go({ page: 'report', run: run.id }),
  }));

const exporting = (exportAs: CommandSources['exportAs']): Command[] =>
  exportAs
    ? documentFormats.map((format): Command => ({
        id: `export-${format}`,
        group: 'actions',
        words: t('ui.palette.export', { format: t(`ui.export.${format}`) }),
        icon: 'export',
        run: () => exportAs(format),
      }))
    : [];

const looks = (): Command[] => [
  ...Theme.options.map((theme): Command => ({
    id: `theme-${theme}`,
    group: 'actions',
    words: t('ui.palette.theme', { theme: t(`ui.theme.${theme}`) }),
    icon: theme === 'system' ? 'system' : theme === 'light' ? 'sun' : 'moon',
    run: () => (appearance.theme = theme),
  })),
  ...locales.map((locale): Command => ({
    id: `language-${locale}`,
    group: 'actions',
    words: languageNames[locale],
    icon: 'settings',
    run: () => (appearance.locale = locale),
  })),
];

/** What the palette offers here and now, in reading order. */
export function commandsOf({
  live,
  hosts,
  presets,
  runs,
  exportAs,
  showShortcuts,
}: CommandSources): Command[] {
  const help: Command = {
    id: 'shortcuts',
    group: 'actions',
    words: t('ui.shortcuts.title'),
    icon: 'question',
    run: showShortcuts,
  };
  return [
    ...goTo(),
    ...measuring({ live, hosts, presets }),
    ...recent(runs),
    ...exporting(exportAs),
    ...looks(),
    help,
  ];
}
