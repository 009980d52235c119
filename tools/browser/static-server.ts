import { createServer, type Server } from 'node:http';
import { findFile, sendFile } from './send-file.ts';

export interface StaticServer {
  /** The folder's address, with a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** For hosts that are less plain. */
export interface HostOptions {
  /** For every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of every file that is asked for, by its path inside the folder; the answer waits for it. */
  readonly onRequest?: (path: string) => Promise<void> | void;
}

/**
 * Serves a folder as the plainest host would: no headers of its own, no fallbacks, and, unlike the preview server,
 * possibly below a sub-folder. Anything outside that sub-folder is not there.
 *
 * @param folder What is served.
 * @param prefix The path it lies under, with slashes at both ends.
 */
export async function serveStatic(
  folder: string,
  prefix: string,
  { headers = {}, onRequest }: HostOptions = {},
): Promise<StaticServer> {
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname);
    const relative = path.startsWith(prefix) ? path.slice(prefix.length) : null;
    const file =
      relative === null
        ? null
        : findFile(folder, relative.endsWith('/') || relative === '' ? `${relative}index.html` : relative);
    if (file !== null) await onRequest?.(relative ?? '');
    sendFile(file, response, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}${prefix}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
