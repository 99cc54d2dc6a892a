import type { MenuItemConstructorOptions } from 'electron';
import type { Locale } from '../../contract/appearance';
import type { DeskCommand } from '../../contract/desktop';
import { documentFormats, isForCi, type DocumentFormat } from '../../contract/exports';
import { message, type MessageKey } from '../../contract/messages';
import { sections } from '../../contract/pages';
import { pageKey, pageKeys, windowKeys } from '../../contract/shortcuts';

export interface MenuParts {
  locale: Locale;
  mac: boolean;
  /** installed, not run from its source */
  packaged: boolean;
  /** whether the page shows a run that can be exported */
  exportable: boolean;
  send(command: DeskCommand): void;
  open(): void;
  /** shows where the log lies */
  logs(): void;
  /** writes what helps to find a fault, and shows where it lies */
  problem(): void;
  updates(): void;
  about(): void;
}

type Item = MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;

type Words = (key: MessageKey) => string;

const line: Item = { type: 'separator' };

/** The application menu: what every desktop program has, under its usual keys. */
export function menuTemplate(parts: MenuParts): Item[] {
  const t: Words = (key) => message(parts.locale, key);
  const settings = goTo(parts, t('ui.menu.settings'), '#/settings', windowKeys.settings);
  const menu = (key: MessageKey, submenu: Item[]): Item => ({ label: t(key), submenu });
  const application = [roled(t, 'ui.menu.about', 'about'), line, settings, line, quit(t)];
  const about = { label: t('ui.menu.about'), click: () => parts.about() };
  return [
    ...(parts.mac ? [{ role: 'appMenu' as const, submenu: application }] : []),
    menu('ui.menu.file', fileItems(parts, t, parts.mac ? [] : [line, settings])),
    menu('ui.menu.edit', [
      roled(t, 'ui.menu.undo', 'undo'),
      roled(t, 'ui.menu.redo', 'redo'),
      line,
      roled(t, 'ui.menu.cut', 'cut'),
      roled(t, 'ui.menu.copy', 'copy'),
      roled(t, 'ui.menu.paste', 'paste'),
      roled(t, 'ui.menu.selectAll', 'selectAll'),
    ]),
    menu('ui.menu.view', viewItems(parts, t)),
    menu('ui.menu.measure', [
      form(parts, t('ui.menu.presets'), 'ready'),
      form(parts, t('ui.first.own'), 'own'),
      form(parts, t('ui.menu.compose'), 'compose'),
    ]),
    ...(parts.mac ? [windowMenu(t)] : []),
    menu('ui.menu.help', [...helpItems(parts, t), ...(parts.mac ? [] : [line, about])]),
  ];
}

const roled = (t: Words, key: MessageKey, role: Role): Item => ({ label: t(key), role });

const goTo = (parts: MenuParts, label: string, address: string, accelerator: string): Item => ({
  label,
  accelerator,
  click: () => parts.send({ kind: 'go', address }),
});

const form = (parts: MenuParts, label: string, which: 'ready' | 'own' | 'compose'): Item => ({
  label,
  click: () => parts.send({ kind: 'measure', form: which }),
});

/** An item for a key that the page listens to itself. */
const ofPage = (parts: MenuParts, label: string, kind: keyof typeof pageKeys): Item => ({
  label,
  accelerator: pageKeys[kind],
  registerAccelerator: false,
  click: () => parts.send({ kind }),
});

const helpItems = (parts: MenuParts, t: Words): Item[] => [
  { label: t('ui.menu.documentation'), click: () => parts.send({ kind: 'go', address: '#/glossary' }) },
  ofPage(parts, t('ui.menu.shortcuts'), 'shortcuts'),
  line,
  { label: t('ui.menu.logs'), click: () => parts.logs() },
  { label: t('ui.menu.problem'), click: () => parts.problem() },
  { label: t('ui.menu.updates'), click: () => parts.updates() },
];

const pages = sections.flatMap((section) => section.pages);

function viewItems(parts: MenuParts, t: Words): Item[] {
  const step = (kind: 'back' | 'forward', accelerator: string): Item => ({
    label: t(`ui.menu.${kind}`),
    accelerator,
    click: () => parts.send({ kind }),
  });
  return [
    ofPage(parts, t('ui.menu.palette'), 'palette'),
    line,
    ...pages.map((page) => goTo(parts, t(`ui.nav.${page}`), `#/${page}`, pageKey(page))),
    line,
    step('back', parts.mac ? 'Command+[' : windowKeys.back),
    step('forward', parts.mac ? 'Command+]' : windowKeys.forward),
    // an installed page never changes, and beginning anew would lose what is typed in it
    ...(parts.packaged ? [] : [roled(t, 'ui.menu.reload', 'reload')]),
    line,
    roled(t, 'ui.menu.zoomIn', 'zoomIn'),
    // the same key without Shift, where + is above =
    {
      ...roled(t, 'ui.menu.zoomIn', 'zoomIn'),
      accelerator: 'CommandOrControl+=',
      visible: false,
      acceleratorWorksWhenHidden: true,
    },
    roled(t, 'ui.menu.zoomOut', 'zoomOut'),
    roled(t, 'ui.menu.zoomReset', 'resetZoom'),
    line,
    roled(t, 'ui.menu.fullScreen', 'togglefullscreen'),
    roled(t, 'ui.menu.developer', 'toggleDevTools'),
  ];
}

/** macOS lists the windows in the menu of this role. */
const windowMenu = (t: Words): Item => ({
  label: t('ui.menu.window'),
  role: 'windowMenu',
  submenu: [
    roled(t, 'ui.menu.minimise', 'minimize'),
    roled(t, 'ui.menu.zoomWindow', 'zoom'),
    line,
    roled(t, 'ui.menu.front', 'front'),
  ],
});

const quit = (t: Words): Item => ({ label: t('ui.menu.quit'), role: 'quit' });

/** Keys for the two forms that people ask for most. */
const exportKeys: Partial<Record<DocumentFormat, string>> = {
  html: windowKeys.html,
  pdf: windowKeys.pdf,
};

const exportItems = (parts: MenuParts, t: Words, has: (format: DocumentFormat) => boolean): Item[] =>
  documentFormats.filter(has).map((format) => ({
    label: t(`ui.export.${format}`),
    enabled: parts.exportable,
    ...(exportKeys[format] && { accelerator: exportKeys[format] }),
    click: () => parts.send({ kind: 'export', format }),
  }));

function fileItems(parts: MenuParts, t: Words, more: Item[]): Item[] {
  return [
    { label: t('ui.menu.open'), accelerator: windowKeys.open, click: () => parts.open() },
    {
      label: t('ui.menu.export'),
      enabled: parts.exportable,
      submenu: [
        ...exportItems(parts, t, (format) => !isForCi(format)),
        line,
        { label: t('ui.export.forCi'), enabled: parts.exportable, submenu: exportItems(parts, t, isForCi) },
      ],
    },
    ...more,
    line,
    { label: t('ui.menu.close'), role: 'close' },
    ...(parts.mac ? [] : [quit(t)]),
  ];
}
