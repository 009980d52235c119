/**
 * npm run build:library
 *
 * Writes dist-library/: the library as an ES module with its types. The packages that it imports are its dependencies in
 * package.json, and not inside.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, mergeConfig } from 'vite';
import { libraryBuild, ROOT } from './options.ts';
import { librarySize } from './size.ts';

const out = join(ROOT, 'dist-library');
/** What prepares images. */
const PROCESSOR = /src[/](image[/]|vitmae[/]image-|locales[/]en[/]errors[/](images|preprocessing))/;
/** What is loaded when a model comes from the hub. */
const HUB =
  /src[/](vitmae[/](hub-source|disk-store)|checkpoint[/](storage|sources[/](hub|look-up|download-plan)|download[/](download-file|hash|progress|retry|transfer)))/;

rmSync(out, { recursive: true, force: true });
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const packages = Object.keys(dependencies);
await build(
  mergeConfig(libraryBuild('index.ts', out), {
    build: {
      lib: { entry: join(ROOT, 'src/vitmae/index.ts'), formats: ['es'], fileName: 'mae-lens' },
      minify: true,
      rolldownOptions: {
        output: {
          minify: true,
          // Apart, so that each can be weighed: the model, and what prepares images for it.
          codeSplitting: {
            groups: [
              { name: 'processor', test: PROCESSOR, priority: 1 },
              {
                name: 'model',
                test: (id: string) =>
                  /src[/](?!vitmae[/]index)/.test(id) && !PROCESSOR.test(id) && !HUB.test(id),
                priority: 2,
              },
            ],
          },
          chunkFileNames: '[name].js',
        },
        external: (id: string) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
      },
    },
  }),
);
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tools/library/tsconfig.json')], { stdio: 'inherit' });
const { model, processor } = librarySize(out);
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`mae-lens.js: ${kilobytes(model)} gzipped, and ${kilobytes(processor)} of image processor`);
