import { defineConfig } from 'vitest/config';

const COMPONENTS = 'src/ui/**/*.test.{ts,tsx}';

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['src/base/english.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        // A process and modules of its own for each file cost more than most of these tests do.
        test: {
          name: 'modules',
          include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
          exclude: [COMPONENTS, '**/node_modules/**'],
          isolate: false,
        },
      },
      // Components share one store and one document, so each file begins with new ones.
      { extends: true, test: { name: 'components', include: [COMPONENTS], isolate: true } },
    ],
  },
});
