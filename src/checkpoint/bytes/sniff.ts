/** What often stands in a file's or an answer's place, recognised by how it begins. */

/** Longer than any beginning below. */
export const SNIFFED_BYTES = 256;

/** Bytes as text, a character for each byte, to be compared with how formats begin. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** A web page, with or without a byte order mark. Servers give one for what they do not have. */
export function beginsLikeWebPage(start: string): boolean {
  return /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b/i.test(start);
}

/** A folder cloned without Git LFS holds a few lines that begin so, in place of the weights. */
export function beginsLikeLfsPointer(start: string): boolean {
  return start.startsWith('version https://git-lfs');
}
