import type { Allowance, Principal } from '../domain';

/** What is left of the principal's minute (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(
  { pointsPerMinute }: Pick<Principal, 'pointsPerMinute'>,
  { remaining, resetAt }: Allowance,
): readonly (readonly [name: string, value: string])[] {
  const seconds = Math.max(0, Math.ceil((resetAt.getTime() - Date.now()) / 1000));
  return [
    ['ratelimit-policy', `"points";q=${pointsPerMinute};w=60`],
    ['ratelimit', `"points";r=${remaining};t=${seconds}`],
  ];
}
