import { join } from 'node:path';
import { z } from 'zod';
import { PROPERTY_KEYS, SCOPES, type PropertyKey, type Scope } from './domain';

// Before graphql-js is loaded: outside production it checks every type by its slow path, at each value of each answer.
process.env['NODE_ENV'] ??= 'production';

/** Everything that the environment decides. README.md has the same list as a table. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Null: the embedded Postgres below `dataFolder`. */
  readonly databaseUrl: string | null;
  readonly dataFolder: string;
  readonly modelFolder: string | null;
  /** Packages that answer beside the default one, to whoever asks for them by id. */
  readonly otherModelFolders: readonly string[];
  readonly device: string;
  /** A server elsewhere that runs the model (docs/inference.md); null: sessions of this process. */
  readonly modelEndpoint: { readonly url: string; readonly token?: string; readonly timeoutMs: number } | null;
  readonly workers: number | undefined;
  readonly threads: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly operationTimeoutMs: number;
  readonly drainTimeoutMs: number;
  /** Webhooks may lead into private networks, and be plain http. */
  readonly webhookAllowPrivate: boolean;
  /** Where clients reach the server, if not where they seem to (a proxy that ends TLS). */
  readonly publicUrl: string | null;
  /** Whose predictions are kept complete for the whole catalogue; `asked`: those that somebody has filtered, ordered or plotted by. */
  readonly precompute: readonly PropertyKey[] | 'asked' | 'off';
  /** Who may read `/metrics`: programs on this machine (`local`), everybody who reaches the server (`on`), nobody (`off`). */
  readonly metrics: 'local' | 'on' | 'off';
  /** Where spans are sent to (docs/inference.md); null: none are made. */
  readonly otlpEndpoint: string | null;
  /** Origins whose pages may call the API from a browser; none unless set. */
  readonly corsOrigins: readonly string[];
  /** What may be done without a key; null leaves it to where the request comes from (README.md). */
  readonly anonymousScopes: readonly Scope[] | null;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const count = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number from ${lowest} to ${highest}`)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, `expected a whole number from ${lowest} to ${highest}`);

const list = (text: string): string[] => text.split(',').map((one) => one.trim());
/** Nobody anonymous administers keys. */
const ANONYMOUS_SCOPES = SCOPES.filter((scope) => scope !== 'KEYS_ADMIN');

/** Scheme, host and port as a browser sends them. `*` is none: a foreign page would use the server of whoever looks at it. */
const isOrigin = (text: string): boolean =>
  /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** `https://host/v2/models/name`, perhaps with `/versions/3`: no password in it, which a log could show. */
const isModelUrl = (text: string): boolean =>
  URL.canParse(text) && /^https?:\/\/[^/@]+(\/[^?#]*)?\/v2\/models\/[^/?#]+(\/versions\/[^/?#]+)?\/?$/.test(text);

const PRECOMPUTE = new Map<string, Config['precompute']>([
  ['asked', 'asked'],
  ['off', 'off'],
  ['all', PROPERTY_KEYS],
]);
const isPrecompute = (value: unknown): value is Config['precompute'] =>
  !Array.isArray(value) || value.every((one) => (PROPERTY_KEYS as readonly unknown[]).includes(one));

const Environment = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: count(0, 65_535).default(4000),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\/./, 'expected postgresql://user:password@host:port/database')
      .optional(),
    BEAGLE_DATA: z.string().min(1).default('.beagle'),
    BEAGLE_MODEL: z.string().min(1).optional(),
    BEAGLE_OTHER_MODELS: z.string().transform(list).default([]),
    BEAGLE_DEVICE: z
      .string()
      .regex(/^(auto|cpu|cuda(:\d{1,2})?)$/, 'expected auto, cpu, cuda or cuda:N')
      .default('auto'),
    BEAGLE_MODEL_URL: z.string().refine(isModelUrl, 'expected https://host/v2/models/name').optional(),
    BEAGLE_MODEL_TOKEN: z.string().min(1).optional(),
    BEAGLE_MODEL_TIMEOUT_MS: count(100, 600_000).default(10_000),
    BEAGLE_WORKERS: count(1, 256).optional(),
    BEAGLE_THREADS: count(1, 256).default(1),
    BEAGLE_LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
    BEAGLE_OPERATION_TIMEOUT_MS: count(100, 3_600_000).default(120_000),
    BEAGLE_DRAIN_TIMEOUT_MS: count(0, 600_000).default(10_000),
    BEAGLE_CORS_ORIGINS: z
      .string()
      .transform(list)
      .refine((origins) => origins.every(isOrigin), 'expected origins as https://app.example.org, separated by commas')
      .default([]),
    BEAGLE_ANONYMOUS_SCOPES: z
      .string()
      .transform((text) => (text.trim() === 'none' ? [] : list(text)))
      .pipe(
        z.array(z.enum(ANONYMOUS_SCOPES, `expected none, or of ${ANONYMOUS_SCOPES.join(', ')}, separated by commas`)),
      )
      .optional(),
    BEAGLE_WEBHOOK_ALLOW_PRIVATE: z
      .enum(['true', 'false'], 'expected true or false')
      .default('false')
      .transform((text) => text === 'true'),
    BEAGLE_PRECOMPUTE: z
      .string()
      .transform((text, context): Config['precompute'] => {
        const value = PRECOMPUTE.get(text.trim()) ?? list(text);
        if (isPrecompute(value)) return value;
        context.addIssue('expected asked, all, off, or properties as BAND_GAP,BULK_MODULUS');
        return z.NEVER;
      })
      .default('asked'),
    BEAGLE_PUBLIC_URL: z.string().refine(isOrigin, 'expected an origin as https://beagle.example.org').optional(),
    // OpenTelemetry's own name, so that one setting serves all programs of a host.
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'expected http://host:4318' }).optional(),
    BEAGLE_METRICS: z.enum(['local', 'on', 'off'], 'expected local, on or off').default('local'),
  })
  .refine(({ BEAGLE_MODEL_URL, BEAGLE_DEVICE }) => BEAGLE_MODEL_URL === undefined || BEAGLE_DEVICE === 'auto', {
    path: ['BEAGLE_DEVICE'],
    message: 'expected unset where BEAGLE_MODEL_URL is set: the server there has chosen a device',
  });

const ClientEnvironment = z.object({
  BEAGLE_URL: z.url({ protocol: /^https?$/, error: 'expected http:// or https://' }).default('http://localhost:4000'),
  BEAGLE_API_KEY: z.string().optional(),
});

/** A setting that cannot be meant; its message is for the operator and names every wrong variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the environment. An empty variable counts as unset.
 * @throws ConfigError naming every wrong variable and what would be right; never a value, which may be a password.
 */
export function readConfig(environment: Variables = process.env): Config {
  const data = checked(Environment, environment);
  return {
    host: data.HOST,
    port: data.PORT,
    databaseUrl: data.DATABASE_URL ?? null,
    dataFolder: data.BEAGLE_DATA,
    modelFolder: data.BEAGLE_MODEL ?? null,
    otherModelFolders: data.BEAGLE_OTHER_MODELS,
    device: data.BEAGLE_DEVICE,
    modelEndpoint:
      data.BEAGLE_MODEL_URL === undefined
        ? null
        : { url: data.BEAGLE_MODEL_URL, token: data.BEAGLE_MODEL_TOKEN, timeoutMs: data.BEAGLE_MODEL_TIMEOUT_MS },
    workers: data.BEAGLE_WORKERS,
    threads: data.BEAGLE_THREADS,
    logLevel: data.BEAGLE_LOG_LEVEL,
    operationTimeoutMs: data.BEAGLE_OPERATION_TIMEOUT_MS,
    drainTimeoutMs: data.BEAGLE_DRAIN_TIMEOUT_MS,
    webhookAllowPrivate: data.BEAGLE_WEBHOOK_ALLOW_PRIVATE,
    precompute: data.BEAGLE_PRECOMPUTE,
    metrics: data.BEAGLE_METRICS,
    otlpEndpoint: data.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    corsOrigins: data.BEAGLE_CORS_ORIGINS,
    publicUrl: data.BEAGLE_PUBLIC_URL ?? null,
    anonymousScopes: data.BEAGLE_ANONYMOUS_SCOPES ?? null,
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

function checked<T>(schema: z.ZodType<T>, environment: Variables): T {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  throw new ConfigError(`the environment is not right:\n  ${[...new Set(problems)].join('\n  ')}`);
}

/** Of programs that ask a running Beagle. @throws ConfigError as above. */
export function readClientConfig(environment: Variables = process.env): { url: string; apiKey: string | undefined } {
  const data = checked(ClientEnvironment, environment);
  return { url: data.BEAGLE_URL, apiKey: data.BEAGLE_API_KEY };
}

/** The top of the project: the models and the seed lie below it. */
export const PROJECT_FOLDER = join(__dirname, '..');
