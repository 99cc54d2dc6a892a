import { BrowserWindow, nativeTheme, screen, type Session, type WebContents } from 'electron';
import { pageFile } from '../page';
import { pageHost, pageScheme, pageUrl } from './pageAddress';
import { keepWindowState, leastSize, placeFor, readWindowState } from './windowState';

/**
 * Serves the built page under its own origin, and nothing else to anyone.
 * @returns lets it in; a page that came sooner would ask what nobody answers yet
 */
export function servePage(session: Session, rendererFolder: string): () => void {
  let letIn = (): void => undefined;
  const mayCome = new Promise<void>((resolve) => (letIn = resolve));
  session.protocol.handle(pageScheme, async (request) => {
    await mayCome;
    const url = new URL(request.url);
    const file = url.host === pageHost ? await pageFile(rendererFolder, url.pathname) : undefined;
    return file
      ? new Response(file.bytes, { headers: file.headers })
      : new Response('not found', { status: 404 });
  });
  return letIn;
}

/** The one thing that Tare's page may ask of the system: to put a chart on the clipboard, when a person says so. */
const copying = 'clipboard-sanitized-write';

/** Nothing in Tare's page needs the network, the camera or what the clipboard holds. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === copying));
  session.setPermissionCheckHandler((_contents, permission) => permission === copying);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app|devtools|data|blob):/.test(details.url) });
  });
}

/** The areas that windows may use, the primary display's first. */
const displayAreas = () => {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
};

/** The page's own, so that nothing flashes before it is there or while the window grows. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#131416' : '#fbfbfa');

interface WindowOptions {
  preload: string;
  icon: string;
  session: Session;
  /** where the window's place is kept */
  stateFile: string;
}

/**
 * Opens the window where it was left: sandboxed, isolated, unable to leave its page. It is shown at once, in the page's colour: Chromium
 * prepares to draw only when there is something to draw on, and the first text would come a sixth of a second later.
 */
export function openWindow({ preload, icon, session, stateFile }: WindowOptions): BrowserWindow {
  const state = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...placeFor(state, displayAreas()),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    title: 'Tare',
    icon,
    backgroundColor: background(),
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
      // the live clocks must not slow down behind another window
      backgroundThrottling: false,
    },
  });
  if (state?.maximised) window.maximize();
  keepPlaceOf(window, stateFile);
  const repaint = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', repaint);
  window.on('closed', () => nativeTheme.off('updated', repaint));
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  keepPage(webContents);
  void window.loadURL(pageUrl);
  return window;
}

/**
 * Refuses to leave the page, and loads it anew where something else came of that: Chromium asks nobody before it shows an empty page, and
 * a navigation that is refused ends whatever the page was still loading.
 */
function keepPage(contents: WebContents): void {
  let isWhole = false;
  let isCutShort = false;
  contents.on('did-navigate', () => (isWhole = false));
  contents.on('will-navigate', (event) => {
    event.preventDefault();
    isCutShort ||= !isWhole;
  });
  contents.on('did-stop-loading', () => {
    isWhole = !isCutShort && contents.getURL().startsWith(pageUrl);
    isCutShort = false;
    if (!isWhole) void contents.loadURL(pageUrl);
  });
}

/** Kept a moment after each change, so that a kill loses nothing, and once more when the window closes. */
function keepPlaceOf(window: BrowserWindow, stateFile: string): void {
  const keep = () => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    keepWindowState(stateFile, { bounds: window.getNormalBounds(), maximised: window.isMaximized() });
  };
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  };
  for (const change of ['resize', 'move', 'maximize', 'unmaximize'] as const)
    window.on(change as 'resize', soon);
  window.on('close', keep);
  window.on('closed', () => clearTimeout(timer));
}
