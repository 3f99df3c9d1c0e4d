import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ExportLink } from '../domain';

/** Whole seconds since 1970. */
const seconds = (time: Date): string => String(Math.floor(time.getTime() / 1000));

const signatureOf = (secret: Buffer, id: string, expires: string): string =>
  createHmac('sha256', secret).update(`export:${id}:${expires}`).digest('base64url');

/** A path that lets whoever has it read one file until it expires (HMAC-SHA256 over id and expiry). */
export function linkTo(secret: Buffer, id: string, name: string, expiresAt: Date): string {
  const expires = seconds(expiresAt);
  const query = new URLSearchParams({ expires, signature: signatureOf(secret, id, expires) });
  return `/exports/${id}/${encodeURIComponent(name)}?${query.toString()}`;
}

export function isSigned(secret: Buffer, { id, expires, signature }: ExportLink): boolean {
  const right = Buffer.from(signatureOf(secret, id, expires));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}

export const isOver = ({ expires }: Pick<ExportLink, 'expires'>, now = Date.now()): boolean =>
  !/^\d{1,12}$/.test(expires) || Number(expires) * 1000 <= now;
