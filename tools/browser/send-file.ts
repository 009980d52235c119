import { createReadStream, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { contentTypes } from './content-types.ts';

/** Answers with a file below `root`, or 404; a path cannot leave `root`. */
export function sendFile(root: string, relative: string, response: ServerResponse): void {
  const file = path.join(root, path.normalize(`/${relative}`));
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    response.writeHead(404).end();
    return;
  }
  const type = contentTypes[path.extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': stats.size });
  createReadStream(file).pipe(response);
}
