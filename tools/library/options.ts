/** What both builds of the library have in common. */
import { resolve } from 'node:path';
import type { InlineConfig } from 'vite';

export const ROOT = resolve(import.meta.dirname, '../..');

/** @param entry in src/vitmae, whose exports become those of mae-lens.js */
export function libraryBuild(entry: string, out: string): InlineConfig {
  return {
    root: ROOT,
    base: './',
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: { 'mae-lens': resolve(ROOT, 'src/vitmae', entry) },
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'assets/[name]-[hash].js',
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
  };
}
