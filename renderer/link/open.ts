import { httpLink, takeToken } from './http';
import { ipcLink } from './ipc';
import type { Link } from './link';

/** The desktop's bridge where there is one, else the server that the page came from. */
export const openLink = (): Link =>
  window.tare ? ipcLink(window.tare) : httpLink({ token: takeToken(), locks: navigator.locks });
