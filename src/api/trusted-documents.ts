import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { BeagleError } from '../domain';
import { publicError } from './errors';
import { sendError } from './http-errors';
import { requestIdOf } from './request-id';

const WRITTEN_BY_CODEGEN = join(__dirname, '..', '..', 'web', 'src', 'generated', 'trusted-documents.json');

/**
 * A request may name one of the explorer's own operations instead of sending its text: `documentId` of the GraphQL-over-HTTP
 * specification (appendix on persisted documents), `sha256:` and the hash of the text. From here on it is a request like any other; other
 * texts stay allowed, because the API is a public one.
 */
export function trustedDocuments(file: string = WRITTEN_BY_CODEGEN) {
  const texts = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const documents = new Map(Object.entries(texts).map(([hash, text]) => [`sha256:${hash}`, text]));
  return (request: IncomingMessage & { body?: unknown }, response: ServerResponse, next: () => void): void => {
    const body = request.body as { documentId?: unknown; query?: unknown } | undefined;
    if (body?.documentId === undefined) return next();
    const { documentId, ...rest } = body;
    const text = typeof documentId === 'string' ? documents.get(documentId) : undefined;
    const problem =
      rest.query !== undefined
        ? 'send either documentId or query, not both'
        : text === undefined
          ? 'no operation of the explorer has this id; send its text as query'
          : null;
    if (problem !== null) {
      const fields = [{ path: ['documentId'], message: problem }];
      const error = new BeagleError('BAD_USER_INPUT', `documentId: ${problem}`, fields);
      return sendError(response, 400, publicError(error, requestIdOf(response)));
    }
    request.body = { ...rest, query: text };
    next();
  };
}
