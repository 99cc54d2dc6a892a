/** How everything that people read and look at is to be shown. */
import { z } from 'zod';

export const locales = ['en', 'zh-CN'] as const;
export const Locale = z.enum(locales);
export type Locale = z.infer<typeof Locale>;

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;
