import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const client = (path) => fileURLToPath(new URL(`../client/src/${path}`, import.meta.url));

export default defineConfig({
  // Relative, since a proxy may put the server below a path.
  base: './',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    rollupOptions: {
      // The hooks say that they are for clients, which is nothing to a page without a server's part.
      onwarn: (warning, warn) => warning.id?.endsWith('react/index.ts') || warn(warning),
    },
  },
  esbuild: { jsx: 'automatic' },
  resolve: {
    alias: [
      { find: '@parley/client/documents', replacement: client('generated/graphql.ts') },
      { find: '@parley/client/react', replacement: client('react/index.ts') },
      { find: /^@parley\/client$/, replacement: client('index.ts') },
    ],
  },
});
