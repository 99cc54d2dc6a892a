/** What `docker compose config` answers of a file, as far as it is read here. */
import { z } from 'zod';

const words = z.array(z.string()).nullish();
/** Versions of Compose write a number or a text. */
const amount = z.union([z.string(), z.number()]);

const Build = z.looseObject({
  context: z.string().optional(),
  dockerfile: z.string().optional(),
  dockerfile_inline: z.string().optional(),
  target: z.string().optional(),
  args: z.record(z.string(), z.string().nullable()).nullish(),
});

export const ComposeService = z.looseObject({
  image: z.string().optional(),
  build: Build.nullish(),
  command: words,
  entrypoint: words,
  environment: z.record(z.string(), z.string().nullable()).nullish(),
  user: z.string().optional(),
  working_dir: z.string().optional(),
  container_name: z.string().optional(),
  links: words,
  profiles: words,
  depends_on: z
    .record(z.string(), z.looseObject({ condition: z.string(), required: z.boolean().default(true) }))
    .nullish(),
  healthcheck: z.looseObject({ test: words, disable: z.boolean().optional() }).nullish(),
  ports: z.array(z.looseObject({ target: z.number(), protocol: z.string().default('tcp') })).nullish(),
  expose: z.array(amount).nullish(),
  scale: z.number().optional(),
  mem_limit: amount.optional(),
  cpus: amount.optional(),
  deploy: z
    .looseObject({
      replicas: z.number().nullish(),
      resources: z
        .looseObject({
          limits: z.looseObject({ cpus: amount.optional(), memory: amount.optional() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  networks: z.record(z.string(), z.looseObject({ aliases: words }).nullable()).nullish(),
});
export type ComposeService = z.infer<typeof ComposeService>;

export const ComposeFile = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), ComposeService).nullish(),
});
export type ComposeFile = z.infer<typeof ComposeFile>;

/** Compose doubles each dollar sign in what it prints, so that it can be read again. */
export function withoutEscapes<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('$$', '$') as T;
  if (Array.isArray(value)) return value.map((one: unknown) => withoutEscapes(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => [name, withoutEscapes(one)]),
  ) as T;
}
