import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { shell } from './tools/shell/plugin.ts';

/**
 * transformers.js prepares images here and never runs a session, so it gets onnxruntime's types and tensors
 * (onnxruntime-common) in place of a second runtime. Without this the build would ship that runtime twice.
 */
export function transformersWithoutRuntime(): Plugin {
  return {
    name: 'transformers-without-runtime',
    enforce: 'pre',
    resolveId(source, importer) {
      const fromTransformers = importer?.includes('transformers/dist/') === true;
      if (fromTransformers && source.startsWith('onnxruntime-web'))
        return this.resolve('onnxruntime-common', importer);
      return null;
    },
  };
}

/**
 * Two small scripts beside the page's own (see src/service-worker): the service worker, under a fixed name in the page's
 * folder; and what registers it, which the browser begins before the rest of the page has arrived.
 */
function isolationScripts(): Plugin {
  const start = resolve(import.meta.dirname, 'src/service-worker/start.ts');
  const worker = resolve(import.meta.dirname, 'src/service-worker/service.worker.ts');
  return {
    name: 'isolation-scripts',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: worker, fileName: 'isolation-worker.js' });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const chunk = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.moduleIds.includes(start),
        );
        if (chunk === undefined)
          throw new Error('The build has lost the script of src/service-worker/start.ts.');
        const attrs = { type: 'module', async: true, crossorigin: true, src: `./${chunk.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** Cross-origin isolation gives WebAssembly its threads; hosts that cannot send these still work, on one. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  plugins: [transformersWithoutRuntime(), react(), isolationScripts(), shell()],
  // The runtime's .wasm files are self-hosted assets that we name ourselves; see src/runtime/device/ort.ts.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'] },
  worker: { format: 'es', plugins: () => [transformersWithoutRuntime()] },
  optimizeDeps: { exclude: ['onnxruntime-web', '@xenova/transformers'] },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    // All that the first image needs in one file, instead of a dozen that later parts happen to share with it.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'isolation', test: /src[/]service-worker[/](start|isolate)\.ts$/, priority: 1 },
            // A service worker is a script of its own.
            { name: 'page', tags: ['$initial'], test: (id) => !id.endsWith('service.worker.ts') },
          ],
        },
      },
    },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
