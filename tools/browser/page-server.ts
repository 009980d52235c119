import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type Plugin } from 'vite';
import { findFile, sendFile } from './send-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A local server for a tool's own page, which runs the project's code as the page does. */
export interface PageServer {
  /** Without a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the project's sources, and each of the folders under its name: `{ golden: '/some/folder' }` as
 * `/golden/...`.
 */
export async function servePages(folders: Readonly<Record<string, string>>): Promise<PageServer> {
  const server = await createServer({
    root: ROOT,
    configFile: path.join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    cacheDir: path.join(ROOT, '.cache/tools'),
    plugins: [serveFolders(folders)],
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The local server did not start.');
  return { address: url.replace(/\/$/, ''), close: () => server.close() };
}

function serveFolders(folders: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'serve-folders',
    configureServer({ middlewares, config }) {
      for (const [name, folder] of Object.entries(folders)) {
        middlewares.use(`/${name}`, (request, response) => {
          // An isolated page takes workers only from answers that say so too.
          for (const [header, value] of Object.entries(config.server.headers ?? {}))
            if (value !== undefined) response.setHeader(header, value);
          const [file = ''] = decodeURIComponent(request.url ?? '').split('?');
          sendFile(findFile(folder, file), response);
        });
      }
    },
  };
}
