import ipaddr from 'ipaddr.js';

const MAX_URL = 2_000;

/**
 * Why events cannot be sent there; null if they can. What a name leads to is looked at when it is connected to (post.ts): by then it may
 * lead elsewhere.
 */
export function addressProblem(text: string, allowPrivate: boolean): string | null {
  if (text.length > MAX_URL) return `has ${text.length} characters; at most ${MAX_URL} are allowed`;
  if (!URL.canParse(text)) return 'is not a URL such as https://example.org/hooks';
  const { protocol, username, password, hash, hostname } = new URL(text);
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) return 'must begin with https://';
  if (username !== '' || password !== '')
    return 'must not hold a user name or a password: verify the signature instead';
  if (hash !== '') return 'must not hold a fragment (#…)';
  return allowPrivate || !isPrivate(hostname) ? null : 'leads into a private network, which is not allowed here';
}

/** Names and literal addresses that never lead out. */
function isPrivate(hostname: string): boolean {
  if (/(^|\.)(localhost|local|internal)\.?$/i.test(hostname)) return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(address) && ipaddr.parse(address).range() !== 'unicast';
}
