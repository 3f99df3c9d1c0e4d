/** Statuses that this API answers failures with (OPTIMADE 1.2; RFC 9110; 553 is OPTIMADE's own). */
export const STATUS_TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  553: 'Version Not Supported',
} as const;
export type OptimadeStatus = keyof typeof STATUS_TITLES;

/** A failure that is the caller's to know: what is wrong, in which parameter of the query, and what would be right. */
export class OptimadeProblem extends Error {
  override readonly name = 'OptimadeProblem';
  constructor(
    readonly status: OptimadeStatus,
    detail: string,
    readonly parameter: string | null = null,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

/** Wrong in itself (400). */
export const wrongFilter = (detail: string): OptimadeProblem => new OptimadeProblem(400, detail, 'filter');
/** Right, but more than this server does (501). */
export const unsupportedFilter = (detail: string): OptimadeProblem => new OptimadeProblem(501, detail, 'filter');
