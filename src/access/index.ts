import type { AccessStore, Keys, Limits, Principal } from '../domain';
import { anonymousPrincipal, type AnonymousPolicy, type Origin } from './anonymous';
import { Authenticator } from './authenticator';
import { KeyService, type Actor } from './keys';
import { AccessLimits, DAY_MS, leasedFrom, MINUTE_MS } from './limits';
import { UsageMeter } from './usage-meter';

export type { Actor, AnonymousPolicy, Origin };

/** Who is asking, what they may do, and what it costs them. */
export interface Access {
  /** @param keyText what stood in `Authorization: Bearer` or `x-api-key`; null if neither was sent. A wrong key is never anonymous. */
  identify(keyText: string | null, origin: Origin): Promise<Principal>;
  readonly keys: KeyService & Keys;
  readonly limits: Limits;
  readonly usage: UsageMeter;
  close(): Promise<void>;
}

export function createAccess(options: {
  readonly store: AccessStore;
  readonly anonymous: AnonymousPolicy;
  readonly onError: (error: unknown) => void;
}): Access {
  const points = leasedFrom(options.store, 'POINTS', MINUTE_MS);
  const predictions = leasedFrom(options.store, 'PREDICTIONS', DAY_MS);
  const authenticator = new Authenticator(options.store, points);
  const usage = new UsageMeter(options.store, options.onError);
  return {
    identify: async (keyText, origin) =>
      keyText === null ? anonymousPrincipal(options.anonymous, origin) : authenticator.authenticate(keyText),
    keys: new KeyService(options.store, authenticator),
    limits: new AccessLimits(points, predictions),
    usage,
    close: () => usage.close(),
  };
}
