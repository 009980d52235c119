/** Puts the shell into index.html when the page is built; the development server has none. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin, type Rollup } from 'vite';
import { headOf, shellOf, unstyledClasses } from './shell.ts';

const ROOT = '<div id="root"></div>';
/** As Vite writes it. */
const SCRIPT = /<script type="module" crossorigin src="([^"]+)"><\/script>/;

export function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {} }) {
        if (!html.includes(ROOT)) throw new Error(`index.html has no ${ROOT} to put the shell into.`);
        const [tag, script] = SCRIPT.exec(html) ?? [];
        if (tag === undefined || script === undefined)
          throw new Error('index.html does not begin the page’s script.');
        const view = await renderFirstView();
        const unstyled = unstyledClasses(view, stylesOf(html, bundle));
        if (unstyled.length > 0)
          throw new Error(
            `The page's style sheets do not know these classes of the shell: ${unstyled.join(', ')}.`,
          );
        return html
          .replace(tag, () => headOf({ script, font: `./${fontOf(bundle)}` }))
          .replace(ROOT, () => `<div id="root">${shellOf(view)}</div>`);
      },
    },
  };
}

/** Of the style sheets that the page begins with; those of later parts are not there when the shell is shown. */
function stylesOf(html: string, bundle: Rollup.OutputBundle): string {
  const first = Object.values(bundle).filter(({ fileName }) => html.includes(`href="./${fileName}"`));
  return first
    .flatMap((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : []))
    .join('\n');
}

/** The file with the letters that the page is written in. */
function fontOf(bundle: Rollup.OutputBundle): string {
  const font = Object.keys(bundle).find((file) => /inter-latin-wght-normal-[\w-]+\.woff2$/.test(file));
  if (font === undefined) throw new Error('The build has lost the typeface for Latin letters.');
  return font;
}

/** Builds first-view.tsx for Node, with everything it needs in one file, and calls it. */
async function renderFirstView(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mae-lens-shell-'));
  try {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      plugins: [react(), withoutLaterParts()],
      ssr: { noExternal: true },
      build: {
        ssr: join(import.meta.dirname, 'first-view.tsx'),
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        rolldownOptions: { output: { entryFileNames: 'first-view.mjs' } },
      },
    });
    const { firstView }: typeof import('./first-view.tsx') = await import(
      pathToFileURL(join(folder, 'first-view.mjs')).href
    );
    return firstView();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is loaded later is not in the first view, and need not be built for it. */
function withoutLaterParts(): Plugin {
  return {
    name: 'without-later-parts',
    resolveDynamicImport: () => ({ id: 'data:text/javascript,', external: true }),
  };
}
