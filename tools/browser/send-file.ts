import { createReadStream, statSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { contentTypes } from './content-types.ts';

/** The file of this path below `root`, which it cannot leave; null where there is none. */
export function findFile(root: string, relative: string): string | null {
  const file = path.join(root, path.normalize(`/${relative}`));
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}

/** Answers with a file, or 404 where there is none. */
export function sendFile(
  file: string | null,
  response: ServerResponse,
  headers: OutgoingHttpHeaders = {},
): void {
  if (file === null) {
    response.writeHead(404).end();
    return;
  }
  const type = contentTypes[path.extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': statSync(file).size });
  createReadStream(file).pipe(response);
}
