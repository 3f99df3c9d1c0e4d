import { STATUS_TITLES, type OptimadeProblem } from './problem';

export const API_VERSION = '1.2.0';

/** A request below the versioned base URL. */
export interface Request {
  /** Behind the base URL: `/structures`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Versioned, without a slash at its end. */
  readonly baseUrl: string;
}

export interface Warning {
  readonly type: 'warning';
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

export interface Answer {
  readonly data: unknown;
  readonly included?: readonly unknown[];
  /** Absolute; null on the last page. */
  readonly next?: string | null;
  readonly returned?: { readonly count: number; readonly exact: boolean };
  readonly available?: { readonly count: number; readonly exact: boolean };
  readonly warnings: readonly Warning[];
}

/** OPTIMADE 1.2, "JSON Response Schema: Common Fields". */
export function answerBody(request: Request, version: string, answer: Answer): Record<string, unknown> {
  const { data, included, next = null, returned, available, warnings } = answer;
  return {
    data,
    ...(included && { included }),
    links: { base_url: request.baseUrl.replace(/\/v[\d.]+$/, ''), next },
    meta: {
      ...commonMeta(request, version),
      more_data_available: next !== null,
      ...(returned && { data_returned: returned.count, _beagle_data_returned_is_exact: returned.exact }),
      ...(available && { data_available: available.count, _beagle_data_available_is_exact: available.exact }),
      ...(warnings.length > 0 && { warnings: warnings.map((warning, i) => ({ id: String(i), ...warning })) }),
    },
  };
}

export function problemBody(request: Request, version: string, problem: OptimadeProblem): Record<string, unknown> {
  const { status, message, parameter, headers } = problem;
  const delay = Number(headers['retry-after']);
  return {
    errors: [
      {
        status: String(status),
        title: STATUS_TITLES[status],
        detail: parameter === null ? message : `${parameter}: ${message}`,
        ...(parameter !== null && { source: { parameter } }),
      },
    ],
    meta: {
      ...commonMeta(request, version),
      more_data_available: false,
      ...(delay > 0 && { request_delay: delay }),
    },
  };
}

function commonMeta({ path, query }: Request, version: string) {
  const text = query.toString();
  return {
    api_version: API_VERSION,
    query: { representation: text === '' ? path : `${path}?${text}` },
    time_stamp: new Date().toISOString(),
    provider: {
      name: 'Beagle',
      description: 'A materials catalogue with predictions by the Darwin language model',
      prefix: 'beagle',
    },
    implementation: { name: 'Beagle', version },
  };
}
