import type { IncomingMessage } from 'node:http';
import { BeagleError, type Principal } from '../domain';
import type { Access } from '../access';
import { comeBack, httpError } from './http-error';

export type Identify = Access['identify'];

/** The text of a key as a client sends it: `Authorization: Bearer` or `x-api-key`; null if there is neither. */
function keyText({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(.*)$/i.exec(authorization)?.[1]?.trim() ?? authorization;
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : null;
}

/**
 * Who sends this request.
 * @throws GraphQLError with status 401 for a key that is not valid: it is never taken for anonymous; with 503 while nobody can say
 */
export async function principalOf(
  identify: Identify,
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
): Promise<Principal> {
  const { headers, socket } = request;
  const forwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  try {
    return await identify(keyText(request), { remoteAddress: socket.remoteAddress, host: headers.host, forwarded });
  } catch (error) {
    if (!(error instanceof BeagleError) || error.code !== 'UNAUTHENTICATED') throw comeBack(error);
    throw httpError(401, error, new Map([['www-authenticate', 'Bearer']]));
  }
}
