import { PropertiesDocument, type PropertiesQuery, type PropertyKey } from '../generated/graphql';
import { capital } from '../lib/format';
import { asApiError, execute, type ApiError } from './client';

export type Property = PropertiesQuery['properties'][number];
export type Model = PropertiesQuery['models'][number];

const state = $state<{
  list: Property[];
  model: Model | null;
  error: ApiError | null;
  loaded: boolean;
  loading: boolean;
}>({
  list: [],
  model: null,
  error: null,
  loaded: false,
  loading: false,
});
let started = false;

async function load(): Promise<void> {
  state.loading = true;
  try {
    const { data } = await execute(PropertiesDocument, {});
    const named = data.properties.map((property) => ({ ...property, name: capital(property.name) }));
    state.list = named.sort((a, b) => a.name.localeCompare(b.name));
    state.model = data.models[0] ?? null;
    state.loaded = true;
    state.error = null;
  } catch (error) {
    state.error = asApiError(error);
  }
  state.loading = false;
}

/** The registry of properties, asked for once and shared by every page. */
export const registry = {
  start(): void {
    if (started) return;
    started = true;
    void load();
  },
  retry(): void {
    void load();
  },
  get list(): readonly Property[] {
    return state.list;
  },
  get model(): Model | null {
    return state.model;
  },
  get error(): ApiError | null {
    return state.error;
  },
  get loading(): boolean {
    return state.loading;
  },
  get loaded(): boolean {
    return state.loaded;
  },
  get(key: string): Property | undefined {
    return state.list.find((property) => property.key === key);
  },
  has(key: string): key is PropertyKey {
    return state.list.some((property) => property.key === key);
  },
};
