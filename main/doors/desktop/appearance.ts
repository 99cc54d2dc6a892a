import { z } from 'zod';
import { Locale } from '../../contract/appearance';
import { Theme } from '../../contract/appearance';
import { keep, readKept } from './keptFile';

/** What the page last told of its looks. Dialogs, menus and the window itself have it from the next start's first moment. */
const Look = z.object({ locale: Locale, theme: Theme });
export type Look = z.infer<typeof Look>;

export const readLook = (file: string): Look | undefined => readKept(Look, file);

export const keepLook = (file: string, { locale, theme }: Look): void => keep(file, { locale, theme });
