import { downloadNotices } from '../../locales/en/checkpoint-notices.ts';

type Notices = typeof downloadNotices;

/** One sentence that a notice can say: `kind/name`, as in `locales/en/checkpoint-notices.ts`. */
export type NoticeKey = keyof Notices;
type NoticeParams<K extends NoticeKey> = Parameters<Notices[K]>[0];

/** Something that the visitor may want to know although it was dealt with. */
export interface DownloadNotice {
  /**
   * `changed`: the file is another one than when the download began, so it starts over. `no-resume`: the server
   * cannot go on where it broke off, so it starts over. `damaged`: what came is not what it should be, so it is
   * fetched again. `retrying`: the connection broke and is tried again.
   */
  readonly kind: 'changed' | 'no-resume' | 'damaged' | 'retrying';
  readonly file: string;
  readonly key: NoticeKey;
  /** What stands in its sentence. */
  readonly params: unknown;
  /** The English sentence. */
  readonly message: string;
}

/** The notice that says this sentence. */
export function noticeOf<K extends NoticeKey>(key: K, params: NoticeParams<K>): DownloadNotice {
  // The type of `params` holds it against the key; TypeScript does not follow that through the union.
  const words = downloadNotices[key] as (params: NoticeParams<K>) => string;
  const kind = key.slice(0, key.indexOf('/')) as DownloadNotice['kind'];
  return { kind, file: params.file, key, params, message: words(params) };
}
