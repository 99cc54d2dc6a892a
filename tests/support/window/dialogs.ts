import path from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { askMain } from './main';

interface Answers {
  /** names the save dialog suggested */
  suggested: string[];
  /** what message boxes said, and what was shown in the system's file manager */
  told: string[];
}

/** From now on every save dialog takes the name that it suggests, in this folder. */
export async function saveInto(app: ElectronApplication, folder: string): Promise<void> {
  await askMain(
    app,
    ({ dialog }, into) => {
      const answers = globalThis as unknown as Answers;
      answers.suggested = [];
      const answer = (_window: unknown, { defaultPath }: { defaultPath: string }) => {
        const name = defaultPath.split('/').at(-1)!;
        answers.suggested.push(name);
        return Promise.resolve({ canceled: false, filePath: `${into}/${name}` });
      };
      Object.assign(dialog, { showSaveDialog: answer });
    },
    path.resolve(folder),
  );
}

export const suggestedNames = (app: ElectronApplication): Promise<string[]> =>
  askMain(app, () => (globalThis as unknown as Answers).suggested);

/** From now on every open dialog answers with this file. */
export async function openFrom(app: ElectronApplication, file: string): Promise<void> {
  await askMain(
    app,
    ({ dialog }, chosen) => {
      const answer = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      Object.assign(dialog, { showOpenDialog: answer });
    },
    file,
  );
}

/** From now on message boxes and the system's file manager are not shown but written down, and what is downloaded goes to this folder. */
export async function takeMessages(app: ElectronApplication, downloads: string): Promise<void> {
  await askMain(
    app,
    ({ app: electron, dialog, shell }, folder) => {
      electron.setPath('downloads', folder);
      const answers = globalThis as unknown as Answers;
      answers.told = [];
      const answer = (_window: unknown, { message, detail }: { message: string; detail: string }) => {
        answers.told.push(`${message}: ${detail}`);
        return Promise.resolve({ response: 0, checkboxChecked: false });
      };
      Object.assign(dialog, { showMessageBox: answer });
      Object.assign(shell, { showItemInFolder: (place: string) => answers.told.push(`shown: ${place}`) });
    },
    downloads,
  );
}

export const takenMessages = (app: ElectronApplication): Promise<string[]> =>
  askMain(app, () => (globalThis as unknown as Answers).told);

/** Chooses from the application's menu, as a person or an accelerator does: by the words of each level. */
export async function chooseFromMenu(app: ElectronApplication, ...words: string[]): Promise<void> {
  await askMain(
    app,
    ({ Menu, BrowserWindow }, path_) => {
      let items = Menu.getApplicationMenu()!.items;
      for (const word of path_.slice(0, -1))
        items = items.find(({ label }) => label === word)!.submenu!.items;
      const item = items.find(({ label }) => label === path_.at(-1));
      if (!item?.enabled) throw new Error(`the menu does not offer ${path_.join(' > ')}`);
      (item as unknown as { click(event: undefined, window?: object): void }).click(
        undefined,
        BrowserWindow.getAllWindows()[0],
      );
    },
    words,
  );
}
