import { contextBridge, ipcRenderer } from 'electron';
import type { TareEvent } from '../main/contract/events';
import type { Bridge } from './bridge';

/** One way in, one way back. The channel names are not the page's to choose. */
const tare: Bridge = {
  call: (name, input, locale) => ipcRenderer.invoke('tare:call', name, input, locale),
  onEvents(listener) {
    const forward = (_: unknown, events: TareEvent[]) => listener(events);
    ipcRenderer.on('tare:events', forward);
    return () => void ipcRenderer.off('tare:events', forward);
  },
};
contextBridge.exposeInMainWorld('tare', tare);
