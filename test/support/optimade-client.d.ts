/** What the tests use of the npm package `optimade`, which has no types of its own. */
declare module 'optimade' {
  interface Provider {
    readonly type: 'links';
    readonly id: string;
    readonly attributes: {
      readonly name: string;
      readonly base_url: string;
      readonly query_limits?: readonly number[];
    };
  }
  export class Optimade {
    providers: Record<string, Provider> | null;
    addProvider(provider: Provider): Promise<unknown>;
    getStructures(query: {
      readonly providerId: string;
      readonly filter: string;
      readonly page?: number;
      readonly limit?: number;
    }): Promise<unknown>;
  }
}
