import type { CacheEntry } from '../storage/entries.ts';

/** A file on the network, and what is known of it beforehand. */
export interface RemoteFile {
  /** Inside the model's folder: "model.safetensors". */
  readonly name: string;
  readonly url: string;
  /** In bytes; null where nobody says. */
  readonly size: number | null;
  /** Of its content, in hex; null where nobody says. */
  readonly sha256: string | null;
  /** A name that changes when the content changes; null where nobody gives one. */
  readonly identity: string | null;
}

/** Whether the stored file is this one, as far as anybody can say without the network. */
export function isSameFile(entry: CacheEntry, remote: RemoteFile): boolean {
  const agrees = <T>(stored: T | null, now: T | null) => stored === null || now === null || stored === now;
  return (
    agrees(entry.size, remote.size) &&
    agrees(entry.sha256, remote.sha256) &&
    agrees(entry.identity, remote.identity)
  );
}
