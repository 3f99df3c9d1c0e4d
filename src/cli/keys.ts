import { parseArgs } from 'node:util';
import { createAccess } from '../access';
import { readConfig } from '../config';
import { openDatabase, silentLog } from '../data';
import { BeagleError, SCOPES, type ApiKeyRecord, type IssuedKey, type Scope } from '../domain';
import { choiceOption, numberOption, runCommand, UsageError } from './command';
import { table } from './output';

const USAGE = `Issue and withdraw API keys, as the operator of this Beagle.

  npm run keys -- create --name NAME --scopes all|SCOPE[,SCOPE …] [options]
  npm run keys -- list
  npm run keys -- rotate ID [--overlap-hours 24]
  npm run keys -- revoke ID

  --expires-in-days N        default 90
  --points-per-minute N      default 100,000
  --predictions-per-day N    default 1,000,000
  --concurrent-campaigns N   queued or running at once; default 10
  --candidates-per-campaign N  default 10,000,000
  --quiet                    create, rotate: nothing but the secret on stdout
  --json

Scopes: ${SCOPES.join(' ')}
ID is a key's id or its prefix, as list shows them. A secret is shown once; the database has only its SHA-256.`;

runCommand(USAGE, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      scopes: { type: 'string' },
      'expires-in-days': { type: 'string' },
      'points-per-minute': { type: 'string' },
      'predictions-per-day': { type: 'string' },
      'concurrent-campaigns': { type: 'string' },
      'candidates-per-campaign': { type: 'string' },
      'overlap-hours': { type: 'string' },
      quiet: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const [verb, id, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`${others.join(' ')}: one key at a time`);
  const number = (
    name:
      | 'expires-in-days'
      | 'points-per-minute'
      | 'predictions-per-day'
      | 'concurrent-campaigns'
      | 'candidates-per-campaign'
      | 'overlap-hours',
  ) => (values[name] === undefined ? null : numberOption(name, values[name]));
  const showIssued = ({ key, secret }: IssuedKey): void => {
    if (values.quiet) console.log(secret);
    else if (values.json) console.log(JSON.stringify({ ...key, secret }));
    else console.log(`${describe([key])}\n\nThe secret, shown this once:\n\n  ${secret}`);
  };

  const { databaseUrl, dataFolder } = readConfig();
  const database = await openDatabase({ url: databaseUrl, dataFolder, log: silentLog });
  const access = createAccess({
    store: database.access,
    anonymous: { embedded: false, scopes: [] },
    onError: (error) => console.error(error),
  });
  /** Ids and prefixes both name a key. */
  const named = async (): Promise<ApiKeyRecord> => {
    if (id === undefined) throw new UsageError(`${verb} needs the id or the prefix of a key`);
    const key = (await access.keys.list()).find((key) => key.id === id || key.prefix === id);
    if (!key)
      throw new BeagleError('NOT_FOUND', `there is no key ${JSON.stringify(id)}; npm run keys -- list shows all`);
    return key;
  };
  try {
    if (verb === 'create') {
      if (values.name === undefined || values.scopes === undefined)
        throw new UsageError('create needs --name and --scopes');
      showIssued(
        await access.keys.create('operator', {
          name: values.name,
          scopes: scopesOf(values.scopes),
          expiresInDays: number('expires-in-days'),
          requestsPerMinute: number('points-per-minute'),
          predictionsPerDay: number('predictions-per-day'),
          concurrentCampaigns: number('concurrent-campaigns'),
          candidatesPerCampaign: number('candidates-per-campaign'),
        }),
      );
    } else if (verb === 'list') {
      const keys = await access.keys.list();
      console.log(values.json ? JSON.stringify(keys) : describe(keys));
    } else if (verb === 'rotate') {
      const issued = await access.keys.rotate('operator', (await named()).id, number('overlap-hours') ?? 24);
      if (!issued)
        throw new BeagleError('CONFLICT', 'only a live key can be rotated; this one has expired or was revoked');
      showIssued(issued);
    } else if (verb === 'revoke') {
      const key = await access.keys.revoke('operator', (await named()).id);
      console.log(values.json ? JSON.stringify(key) : describe([key!]));
    } else {
      throw new UsageError(
        verb === undefined
          ? 'what should be done?'
          : `${JSON.stringify(verb)}: expected create, list, rotate or revoke`,
      );
    }
  } finally {
    await access.close();
    await database.close();
  }
});

function scopesOf(text: string): readonly Scope[] {
  return text === 'all' ? SCOPES : text.split(',').map((name) => choiceOption('--scopes', name.trim(), SCOPES));
}

function describe(keys: readonly ApiKeyRecord[]): string {
  const day = (date: Date | null) => date?.toISOString().slice(0, 16).replace('T', ' ') ?? '–';
  const state = (key: ApiKeyRecord) =>
    key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt < new Date() ? 'expired' : 'live';
  return table(
    ['id', 'prefix', 'name', 'state', 'scopes', 'points/min', 'predictions/day', 'expires', 'last used'],
    keys.map((key) => [
      key.id,
      key.prefix,
      key.name,
      state(key),
      key.scopes.length === SCOPES.length ? 'all' : key.scopes.join(','),
      key.pointsPerMinute,
      key.predictionsPerDay,
      day(key.expiresAt),
      day(key.lastUsedAt),
    ]),
  );
}
