import { ANONYMOUS_OWNER, CAMPAIGN_LIMITS, SCOPES, type Principal, type Scope } from '../domain';

/** What of an HTTP request tells whether it really comes from this machine. */
export interface Origin {
  /** Address of the TCP peer. */
  readonly remoteAddress: string | undefined;
  /** The Host header, with or without a port. */
  readonly host: string | undefined;
  /** True if a Forwarded or X-Forwarded-For header is present. */
  readonly forwarded: boolean;
}

const LOOPBACK_ADDRESS = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/**
 * A person who has just typed `npm start`: the peer is on the loopback address, the Host header is a loopback name
 * (a DNS-rebinding page carries its own name), and no proxy stands between (behind one, everybody is local).
 */
export function isLocal(origin: Origin): boolean {
  return (
    LOOPBACK_ADDRESS.test(origin.remoteAddress ?? '') && LOOPBACK_HOST.test(origin.host ?? '') && !origin.forwarded
  );
}

export interface AnonymousPolicy {
  /** The embedded database: nobody else's data is in it. */
  readonly embedded: boolean;
  /** BEAGLE_ANONYMOUS_SCOPES; null when it is not set. */
  readonly scopes: readonly Scope[] | null;
}

/** Points a minute and predictions a day of a local anonymous caller, and of any other that configuration lets in. */
const LOCAL = {
  pointsPerMinute: 1_000_000,
  predictionsPerDay: 100_000_000,
  campaigns: { ...CAMPAIGN_LIMITS, concurrent: 100 },
};
const REMOTE = {
  pointsPerMinute: 10_000,
  predictionsPerDay: 10_000,
  // What the person at this machine uses must not be counted against them, nor the other way round.
  accountId: '00000000-0000-0000-0000-000000000001',
};

/** Nobody anonymous administers keys, whatever the configuration says. */
export function anonymousPrincipal(policy: AnonymousPolicy, origin: Origin): Principal {
  const local = policy.embedded && isLocal(origin);
  const scopes = policy.scopes ?? (local ? SCOPES : []);
  return {
    kind: 'anonymous',
    keyId: null,
    ownerId: ANONYMOUS_OWNER,
    scopes: new Set(scopes.filter((scope) => scope !== 'KEYS_ADMIN')),
    ...(local ? LOCAL : REMOTE),
  };
}
