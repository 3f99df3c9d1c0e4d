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
  // Not made reactive deeply: columns of 100,000 numbers would be read through as many proxies.
  let data = $state.raw<T>();
  let error = $state.raw<ApiError>();
  let partial = $state.raw<readonly ApiError[]>([]);
  let loading = $state(false);
  let tries = $state(0);
  // Compared as text, because variables are rebuilt on every change of the address, most of which do not concern this question.
  const asked = $derived(JSON.stringify(variables()));
  let first = true;

  $effect(() => {
    void tries;
    if (asked === 'null') {
      data = undefined;
      error = undefined;
      partial = [];
      loading = false;
      return;
    }
    const wanted = JSON.parse(asked) as V;
    const controller = new AbortController();
    loading = true;
    const wait = first ? 0 : delayMs;
    first = false;
    const timer = setTimeout(() => {
      execute(document, wanted, controller.signal).then(
        (answer) => {
          if (controller.signal.aborted) return;
          data = answer.data;
          partial = answer.errors;
          error = undefined;
          loading = false;
        },
        (reason: unknown) => {
          if (controller.signal.aborted) return;
          error = asApiError(reason);
          partial = [];
          loading = false;
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
      return data;
    },
    get error() {
      return error;
    },
    get partial() {
      return partial;
    },
    get loading() {
      return loading;
    },
    // An effect that asks again must not follow the count of tries.
    retry: () => untrack(() => (tries += 1)),
  };
}
