import { parse } from 'csv-parse/sync';
import { readBack } from './parquet';
import type { RealServer } from './real-server';

const EXPORT = `__typename
  ... on ExportSuccess { export { id status format rows bytes url expiresAt error } }
  ... on NotFoundError { code message }
  ... on ConflictError { code message }`;

export const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

export interface ExportedFile {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly bytes: number;
  readonly url: string;
  readonly expiresAt: string;
  readonly error: string | null;
}

/** Exports as a client of this server asks for them. */
export function exportsOf(server: () => RealServer) {
  const ask = async (query: string, variables: Record<string, unknown> = {}) => {
    const { body } = await server().query(query, variables);
    expect(body.errors).toBeUndefined();
    return body.data;
  };
  return {
    ask,
    async exportCampaign(campaignId: string, format: string) {
      const mutation = `mutation ($input: ExportCampaignInput!) { exportCampaign(input: $input) { ${EXPORT} } }`;
      return (await ask(mutation, { input: { campaignId, format } })).exportCampaign;
    },
    async exportMaterials(filter: unknown, format: string) {
      const mutation = `mutation ($filter: MaterialFilter, $format: ExportFormat!) {
        exportMaterials(filter: $filter, format: $format) { ${EXPORT} } }`;
      return (await ask(mutation, { filter, format })).exportMaterials;
    },
    /** Once it is complete, or has failed. */
    async written({ export: begun }: { export: { id: string } }): Promise<ExportedFile> {
      const query = 'query ($id: ID!) { node(id: $id) { ... on Export { id status rows bytes url expiresAt error } } }';
      for (;;) {
        const { node } = await ask(query, { id: begun.id });
        if (node.status !== 'RUNNING') return node;
        await pause();
      }
    },
  };
}

export async function download(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** CSV has no types: what the expected value is decides how its text is read. */
function typed(text: string, like: unknown): unknown {
  if (text === '') return null;
  return typeof like === 'number' ? Number(text) : text;
}

type Rows = readonly Record<string, unknown>[];

/** The rows of a file as readers that know nothing of its writer find them. */
export const READERS: Record<string, (bytes: Buffer, like: Record<string, unknown>) => Promise<Rows>> = {
  CSV: async (bytes, like) =>
    (parse(bytes, { columns: true }) as Record<string, string>[]).map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, text]) => [name, typed(text, like[name])])),
    ),
  JSONL: async (bytes) =>
    bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  PARQUET: async (bytes) => (await readBack(bytes)).rows,
};
