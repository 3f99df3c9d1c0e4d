import { untrack } from 'svelte';
import type { TypedDocumentString } from '../generated/graphql';
import { asApiError, execute, type ApiError } from './client';

export interface Resource<T> {
  /** The latest answer; while another one is on its way the old one stays, so that the page does not jump. */
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  /** Errors of single fields of an answer that otherwise stands. */
  readonly partial: readonly ApiError[];
  readonly loading: boolean;
  retry(): void;
}

/**
 * Follows reactive variables: asks again whenever they change, and drops the answer of an older question. Null variables ask nothing.
 * Must be called while a component is set up.
 */
export function resource<T, V>(
  document: TypedDocumentString<T, V>,
  variables: () => V | null,
  delayMs = 0,
): Resource<T> {
  const state = $state<{
    data: T | undefined;
    error: ApiError | undefined;
    partial: readonly ApiError[];
    loading: boolean;
    tries: number;
  }>({
    data: undefined,
    error: undefined,
    partial: [],
    loading: false,
    tries: 0,
  });
  // Compared as text, because variables are rebuilt on every change of the address, most of which do not concern this question.
  const asked = $derived(JSON.stringify(variables()));
  let first = true;

  $effect(() => {
    void state.tries;
    if (asked === 'null') {
      state.data = undefined;
      state.error = undefined;
      state.partial = [];
      state.loading = false;
      return;
    }
    const wanted = JSON.parse(asked) as V;
    const controller = new AbortController();
    state.loading = true;
    const wait = first ? 0 : delayMs;
    first = false;
    const timer = setTimeout(() => {
      execute(document, wanted, controller.signal).then(
        (answer) => {
          if (controller.signal.aborted) return;
          state.data = answer.data;
          state.partial = answer.errors;
          state.error = undefined;
          state.loading = false;
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          state.error = asApiError(error);
          state.partial = [];
          state.loading = false;
        },
      );
    }, wait);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  });

  return {
    get data() {
      return state.data;
    },
    get error() {
      return state.error;
    },
    get partial() {
      return state.partial;
    },
    get loading() {
      return state.loading;
    },
    // An effect that asks again must not follow the count of tries.
    retry: () => untrack(() => (state.tries += 1)),
  };
}
