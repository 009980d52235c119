/**
 * After the page's build: mae-lens.js beside it, the library for a plain `<script type="module">`. The runtime's files
 * are the ones that the page serves: they have the same names, which their content gives them.
 */
import { join } from 'node:path';
import { build, mergeConfig } from 'vite';
import { transformersWithoutRuntime } from '../../vite.config.ts';
import { libraryBuild, ROOT } from './options.ts';

await build(
  mergeConfig(libraryBuild('site.ts', join(ROOT, 'dist')), {
    plugins: [transformersWithoutRuntime()],
    resolve: {
      conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
    },
  }),
);
