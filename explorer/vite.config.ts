import { defineConfig } from 'vite';

export default defineConfig({
  build: { target: 'es2022', modulePreload: { polyfill: false } },
  // `npm run dev` beside a running `dyad serve`.
  server: { proxy: { '/api': 'http://127.0.0.1:7878' } },
});
