/**
 * npm run build:library
 *
 * Writes dist-library/: the library as ES modules with its types. onnxruntime-web and transformers.js are left to
 * whoever installs it; everything else that it needs is inside.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const out = join(root, 'dist-library');

rmSync(out, { recursive: true, force: true });
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: out,
    target: 'es2022',
    lib: { entry: join(root, 'src/vitmae/index.ts'), formats: ['es'], fileName: 'mae-lens' },
    minify: true,
    rolldownOptions: { external: [/^onnxruntime-web/, /^@xenova\/transformers/] },
  },
});
const tsc = join(root, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(root, 'tools/library/tsconfig.json')], { stdio: 'inherit' });

let bytes = 0;
for (const file of readdirSync(out).filter((name) => name.endsWith('.js')))
  bytes += gzipSync(readFileSync(join(out, file))).byteLength;
console.log(`dist-library: ${(bytes / 1000).toFixed(1)} kB of scripts, gzipped`);
