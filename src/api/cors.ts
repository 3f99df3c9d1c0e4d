import cors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Lets pages of these origins, and no others, call the API with their scripts (Fetch standard, CORS). Keys travel in headers, so no
 * cookies are admitted. Without origins there is no CORS at all: browsers keep foreign pages out.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next();
  return cors({
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'content-type',
      'authorization',
      'x-api-key',
      'apollo-require-preflight',
      'x-apollo-operation-name',
    ],
    exposedHeaders: ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
    credentials: false,
    maxAge: 600,
  });
}
