/**
 * npm run build:library
 *
 * Writes dist-library/: the library as ES modules with its types. onnxruntime-web and transformers.js are left to
 * whoever installs it; everything else that it needs is inside.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, mergeConfig } from 'vite';
import { libraryBuild, ROOT } from './options.ts';
import { gzippedBytes } from './size.ts';

const out = join(ROOT, 'dist-library');
rmSync(out, { recursive: true, force: true });
await build(
  mergeConfig(libraryBuild('index.ts', out), {
    build: { rolldownOptions: { external: [/^onnxruntime-/, /^@xenova\/transformers/] } },
  }),
);
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tools/library/tsconfig.json')], { stdio: 'inherit' });
console.log(`dist-library: ${(gzippedBytes(out) / 1000).toFixed(1)} kB of scripts, gzipped`);
