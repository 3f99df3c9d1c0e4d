/** The package names its entry points in `exports`, which TypeScript's node10 resolution does not read. */
declare module 'graphql-ws/use/ws' {
  export * from 'graphql-ws/dist/use/ws';
}
