import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the built files work below any path; the server writes <base>.
  base: './',
  // The package's main file is the unminified UMD build.
  resolve: { alias: { '3dmol': '3dmol/build/3Dmol.es6-min.js' } },
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Anything inlined as data: would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // 3Dmol, loaded when a structure is shown, is 540 kB before compression.
    chunkSizeWarningLimit: 600,
    // 3Dmol evaluates callbacks given as text; none is, and the content security policy would refuse it.
    rolldownOptions: { checks: { pluginTimings: false, eval: false } },
  },
  // `npm run web:dev` beside `npm start`.
  server: { port: 4001, proxy: { '/graphql': { target: 'http://localhost:4000', ws: true } } },
});
