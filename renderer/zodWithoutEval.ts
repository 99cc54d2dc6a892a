import { config } from 'zod';

// The page's policy forbids code made from text, so zod must not even try. It decides when a schema is made: this comes first.
config({ jitless: true });
