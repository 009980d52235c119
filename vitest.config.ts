import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    environment: 'node',
    setupFiles: ['src/base/english.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
