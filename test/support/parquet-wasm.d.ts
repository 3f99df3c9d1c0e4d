/** The package's exports name this entry; TypeScript's Node10 resolution does not read them. */
declare module 'parquet-wasm/node' {
  export * from 'parquet-wasm/node/parquet_wasm';
}
