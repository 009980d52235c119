import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * transformers.js prepares pictures here and never runs a session, so it gets onnxruntime's types and tensors
 * (onnxruntime-common) in place of a second runtime. Without this the build would ship that runtime twice.
 */
function transformersWithoutRuntime(): Plugin {
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

/** Cross-origin isolation gives WebAssembly its threads; hosts that cannot send these still work, on one. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  plugins: [transformersWithoutRuntime(), react()],
  // The runtime's .wasm files are self-hosted assets that we name ourselves; see src/runtime/ort.ts.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'] },
  worker: { format: 'es', plugins: () => [transformersWithoutRuntime()] },
  optimizeDeps: { exclude: ['onnxruntime-web', '@xenova/transformers'] },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    // All that the first picture needs in one file, instead of a dozen that later parts happen to share with it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } } },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
