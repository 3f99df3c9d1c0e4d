import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Router, type Request, type Response } from 'express';
import parseRange from 'range-parser';
import { BeagleError, type ExportFile, type Exports } from '../domain';
import { publicError } from './errors';
import { requestIdOf } from './request-id';

const STATUS = { FORBIDDEN: 403, NOT_FOUND: 404 } as const;

/**
 * `GET /exports/:id/:name`: the file behind a signed link, whole or a range of its bytes (RFC 9110, section 14), so that an
 * interrupted download is resumed. Several ranges at once are answered with the whole file, as the RFC allows.
 */
export function downloads(exports: Pick<Exports, 'open'>): Router {
  const router = Router();
  router.get('/exports/:id/:name', async (request, response) => {
    const { id } = request.params;
    const { expires, signature } = request.query;
    try {
      await send(await exports.open({ id, expires: text(expires), signature: text(signature) }), request, response);
    } catch (error) {
      const status = error instanceof BeagleError && STATUS[error.code as keyof typeof STATUS];
      if (!status) throw error;
      response.status(status).json({ errors: [publicError(error as BeagleError, requestIdOf(response))] });
    }
  });
  return router;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function send(file: ExportFile, request: Request, response: Response): Promise<void> {
  const etag = `"${file.sha256.toString('hex')}"`;
  response.set({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `attachment; filename="${file.name}"`,
    'content-type': file.mediaType,
    'repr-digest': `sha-256=:${file.sha256.toString('base64')}:`,
    'x-beagle-model': file.modelId,
    etag,
  });
  const range = rangeOf(request, etag, file.bytes);
  if (range === 'unsatisfiable') {
    response.status(416).set('content-range', `bytes */${file.bytes}`).end();
    return;
  }
  if (range) response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  const { start, end } = range ?? { start: 0, end: file.bytes - 1 };
  response.set('content-length', String(end - start + 1));
  if (request.method === 'HEAD') return void response.end();
  // A client that goes away ends the reading; so does a file that expires amid it, and the client sees too few bytes.
  await pipeline(Readable.from(file.read(start, end)), response).catch(() => response.destroy());
}

/** The one range asked for; null for the whole file. */
function rangeOf({ headers }: Request, etag: string, bytes: number) {
  const { range, 'if-range': ifRange } = headers;
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return null;
  const ranges = parseRange(bytes, range, { combine: true });
  if (ranges === -1) return 'unsatisfiable' as const;
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0]!;
}
