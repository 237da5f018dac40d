import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built to `renderer/dist`, which the engine and the desktop serve under a strict policy. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Stands in the page until it is served: each answer gets a nonce of its own in its place.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: ['chrome120', 'firefox121', 'safari17.2'],
    outDir: 'dist',
    emptyOutDir: true,
    // A data: URL is no script of ours, and fonts may come from our origin alone.
    assetsInlineLimit: 0,
    sourcemap: false,
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
});
