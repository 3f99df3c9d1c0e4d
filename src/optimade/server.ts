import type { Catalog, Scope } from '../domain';
import { info, structuresInfo, referencesInfo } from './info';
import { references, referenceById } from './reference-endpoints';
import { OptimadeProblem } from './problem';
import { type Answer, answerBody, problemBody, type Request } from './response';
import { readFields } from './query';
import { structureById, structures } from './structure-endpoints';

export type Admit = (points: number, scope: Scope | null) => Promise<void>;

export interface OptimadeServer {
  /**
   * Answers a request below the versioned base URL.
   * @param admit takes the points that the answer costs at most, and refuses who lacks the scope, before anything is looked up
   * @throws OptimadeProblem, and whatever `admit` throws
   */
  answer(request: Request, admit: Admit): Promise<Record<string, unknown>>;
  /** The answer to a request that failed. */
  refusal(request: Request, problem: OptimadeProblem): Record<string, unknown>;
}

/** The endpoints of OPTIMADE 1.2. @param catalog whose predictions are those that are stored: a listing runs no model */
export function createOptimadeServer(catalog: Catalog, software: { readonly version: string }): OptimadeServer {
  return {
    async answer(request, admit) {
      const { fields, includeReferences } = readFields(request.query);
      const warnings: Answer['warnings'][number][] = [];
      const context = { catalog, request, fields, includeReferences, warnings, admit };
      const answered = await route(request, context);
      return answerBody(request, software.version, { ...answered, warnings });
    },
    refusal: (request, problem) => problemBody(request, software.version, problem),
  };
}

async function route(
  { path, baseUrl }: Request,
  context: Parameters<typeof structures>[0],
): Promise<Omit<Answer, 'warnings'>> {
  const [endpoint = '', id, ...rest] = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decoded);
  const nothing = new OptimadeProblem(404, 'there is nothing here; /info lists the endpoints');
  if (endpoint === 'structures' && id !== undefined) return structureById(context, [id, ...rest].join('/'));
  if (endpoint === 'references' && id !== undefined) return referenceById(context, [id, ...rest].join('/'));
  if (rest.length > 0) throw nothing;
  if (endpoint === 'structures') return structures(context);
  if (endpoint === 'references') return references(context);
  await context.admit(1, null);
  if (endpoint === 'info') {
    if (id === undefined) return { data: info(baseUrl) };
    if (id === 'structures') return { data: structuresInfo() };
    if (id === 'references') return { data: referencesInfo() };
  }
  if (endpoint === 'links' && id === undefined) return { data: links(baseUrl) };
  throw nothing;
}

/** The only implementation of its provider is its root. */
function links(baseUrl: string) {
  return [
    {
      type: 'links',
      id: 'root',
      attributes: {
        name: 'Beagle',
        description: 'The materials catalogue of this server',
        base_url: baseUrl.replace(/\/v[\d.]+$/, ''),
        homepage: null,
        link_type: 'root',
      },
    },
  ];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new OptimadeProblem(400, 'the address holds a percent sign that encodes nothing');
  }
}
