/** The files of a portable model in one archive: browsers take one download for each click well, and several badly. */
import { makeZip, predictLength } from 'client-zip';
import type { PortableFile } from './portable-files.ts';

/** Size of the archive, in bytes. Nothing is compressed: weights do not get smaller. */
export function zipBytes(folder: string, files: readonly PortableFile[]): number {
  return Number(predictLength(files.map(({ name, bytes }) => ({ name: `${folder}/${name}`, size: bytes }))));
}

/** The archive from front to back, read from the files as it is asked for. */
export async function* zipPieces(
  folder: string,
  files: readonly PortableFile[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const lastModified = new Date();
  const reader = makeZip(
    files.map((file) => ({ name: `${folder}/${file.name}`, lastModified, input: file.pieces() })),
  ).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      if (!isOwnMemory(value)) throw new Error('The archive came in shared memory.');
      yield value;
    }
  } finally {
    // Where it is left early; an archive that failed has nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

function isOwnMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}
