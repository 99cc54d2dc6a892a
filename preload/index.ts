import { contextBridge, ipcRenderer } from 'electron';
import type { DeskCommand } from '../main/contract/desktop';
import type { TareEvent } from '../main/contract/events';
import type { Bridge } from './bridge';

/** Passes on what comes over a channel; the answer ends it. */
function listen<T>(channel: string, listener: (value: T) => void): () => void {
  const forward = (_: unknown, value: T) => listener(value);
  ipcRenderer.on(channel, forward);
  return () => void ipcRenderer.off(channel, forward);
}

/** Two ways in, two ways back. The channel names are not the page's to choose. */
const tare: Bridge = {
  call: (name, input) => ipcRenderer.invoke('tare:call', name, input),
  nativeShell: (name, input) => ipcRenderer.invoke('tare:native-shell', name, input),
  onEvents: (listener) => listen<TareEvent[]>('tare:events', listener),
  onCommand: (listener) => listen<DeskCommand>('tare:commands', listener),
};
contextBridge.exposeInMainWorld('tare', tare);
