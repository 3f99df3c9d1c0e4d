import { randomUUID } from 'node:crypto';
import {
  CAMPAIGN_LIMITS,
  InputError,
  SCOPES,
  type AccessStore,
  type ApiKeyRecord,
  type AuditEntry,
  type CreateKeyInput,
  type FieldError,
  type IssuedKey,
  type Keys,
  type Principal,
  type StoredKey,
  type UsageDay,
} from '../domain';
import { hashSecret, type Authenticator } from './authenticator';
import { generateKey } from './key-format';

export const DEFAULTS = { expiresInDays: 90, pointsPerMinute: 100_000, predictionsPerDay: 1_000_000 };
const MAXIMA = {
  name: 100,
  expiresInDays: 3650,
  pointsPerMinute: 10_000_000,
  predictionsPerDay: 1_000_000_000,
  concurrentCampaigns: 1_000,
  candidatesPerCampaign: CAMPAIGN_LIMITS.candidates,
  overlapHours: 720,
};
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The operator at the command line holds every scope; a principal grants only its own. */
export type Actor = Principal | 'operator';

export class KeyService implements Keys {
  constructor(
    private readonly store: AccessStore,
    private readonly authenticator: Pick<Authenticator, 'forget'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async list(_actor: Actor = 'operator', limit?: number): Promise<readonly ApiKeyRecord[]> {
    return (await this.store.keys(limit)).map(withoutSecret);
  }

  async byId(_actor: Actor, id: string): Promise<ApiKeyRecord | null> {
    const key = await this.store.keyById(id);
    return key && withoutSecret(key);
  }

  async create(actor: Actor, input: CreateKeyInput): Promise<IssuedKey> {
    const problems = validate(actor, input);
    if (problems.length > 0) throw new InputError(problems);
    const now = this.now();
    const days = input.expiresInDays ?? DEFAULTS.expiresInDays;
    const { key, secret } = issue({
      ownerId: randomUUID(),
      name: input.name.trim(),
      scopes: SCOPES.filter((scope) => input.scopes.includes(scope)),
      pointsPerMinute: input.requestsPerMinute ?? DEFAULTS.pointsPerMinute,
      predictionsPerDay: input.predictionsPerDay ?? DEFAULTS.predictionsPerDay,
      concurrentCampaigns: input.concurrentCampaigns ?? CAMPAIGN_LIMITS.concurrent,
      candidatesPerCampaign: input.candidatesPerCampaign ?? CAMPAIGN_LIMITS.candidates,
      createdAt: now,
      expiresAt: new Date(now.getTime() + days * DAY_MS),
    });
    await this.store.insertKey(key, audit(actor, 'KEY_CREATED', key.id, { name: key.name, scopes: key.scopes }));
    return { key: withoutSecret(key), secret };
  }

  async rotate(actor: Actor, id: string, overlapHours: number): Promise<IssuedKey | null> {
    if (!(overlapHours >= 0 && overlapHours <= MAXIMA.overlapHours)) {
      throw new InputError([
        {
          path: ['overlapHours'],
          message: `${overlapHours} is not a number of hours from 0 to ${MAXIMA.overlapHours}`,
        },
      ]);
    }
    const now = this.now();
    let secret = '';
    const replacement = await this.store.replaceKey(
      id,
      new Date(now.getTime() + overlapHours * HOUR_MS),
      (old) => {
        requireScopesOf(actor, old);
        const lifetime = old.expiresAt ? old.expiresAt.getTime() - old.createdAt.getTime() : null;
        const issued = issue({
          ...old,
          createdAt: now,
          expiresAt: lifetime === null ? null : new Date(now.getTime() + lifetime),
        });
        secret = issued.secret;
        return issued.key;
      },
      audit(actor, 'KEY_ROTATED', id, { overlapHours }),
    );
    if (!replacement) return null;
    const old = await this.store.keyById(id);
    if (old) this.authenticator.forget(old.prefix);
    return { key: withoutSecret(replacement), secret };
  }

  async revoke(actor: Actor, id: string): Promise<ApiKeyRecord | null> {
    const key = await this.store.revokeKey(id, this.now(), audit(actor, 'KEY_REVOKED', id, {}));
    if (!key) return null;
    this.authenticator.forget(key.prefix);
    return withoutSecret(key);
  }

  async usage(ids: readonly string[], days: number): Promise<readonly (readonly UsageDay[])[]> {
    return this.store.usage(ids, new Date(this.now().getTime() - days * DAY_MS));
  }
}

type KeyTerms = Omit<ApiKeyRecord, 'id' | 'prefix' | 'lastUsedAt' | 'revokedAt'>;

function issue(terms: KeyTerms): { key: StoredKey; secret: string } {
  const generated = generateKey();
  return {
    secret: generated.text,
    key: {
      ...terms,
      id: randomUUID(),
      prefix: generated.prefix,
      secretHash: hashSecret(generated.secret),
      lastUsedAt: null,
      revokedAt: null,
    },
  };
}

function validate(actor: Actor, input: CreateKeyInput): FieldError[] {
  const problems: FieldError[] = [];
  const problem = (field: string, message: string) => problems.push({ path: ['input', field], message });
  const name = input.name.trim();
  if (name.length === 0 || name.length > MAXIMA.name) problem('name', `must have 1 to ${MAXIMA.name} characters`);
  if (input.scopes.length === 0) problem('scopes', `name at least one of ${SCOPES.join(', ')}`);
  for (const scope of input.scopes) {
    if (actor !== 'operator' && !actor.scopes.has(scope))
      problem('scopes', `you cannot grant ${scope}: you lack it yourself`);
  }
  const whole = (field: Exclude<keyof CreateKeyInput, 'name' | 'scopes'>, max: number) => {
    const value = input[field];
    if (value != null && !(Number.isInteger(value) && value >= 1 && value <= max)) {
      problem(field, `${value} is not a whole number from 1 to ${max}`);
    }
  };
  whole('expiresInDays', MAXIMA.expiresInDays);
  whole('requestsPerMinute', MAXIMA.pointsPerMinute);
  whole('predictionsPerDay', MAXIMA.predictionsPerDay);
  whole('concurrentCampaigns', MAXIMA.concurrentCampaigns);
  whole('candidatesPerCampaign', MAXIMA.candidatesPerCampaign);
  return problems;
}

/** Rotating a stronger key would hand its scopes to the one who rotates it. */
function requireScopesOf(actor: Actor, key: StoredKey): void {
  if (actor === 'operator') return;
  const missing = key.scopes.filter((scope) => !actor.scopes.has(scope));
  if (missing.length > 0) {
    throw new InputError([
      { path: ['id'], message: `you cannot rotate a key with ${missing.join(', ')}: you lack it yourself` },
    ]);
  }
}

function withoutSecret({ secretHash: _, ...key }: StoredKey): ApiKeyRecord {
  return key;
}

function audit(
  actor: Actor,
  action: AuditEntry['action'],
  subjectId: string,
  details: Readonly<Record<string, unknown>>,
): AuditEntry {
  return { actor, action, subjectId, details };
}
