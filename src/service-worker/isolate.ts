/**
 * Makes the page cross-origin isolated where its host cannot: registers the service worker that adds the headers, and
 * reloads the page once, before anything has been done on it. Where that is not possible the page runs as it is.
 */

/** What this needs of the browser. */
export interface IsolationHost {
  readonly isolated: boolean;
  /** https, or this machine. */
  readonly secure: boolean;
  /** In another page's frame, whose headers count and not this page's. */
  readonly framed: boolean;
  /** Registers the worker; resolves when it is active. Undefined where there are no service workers. */
  readonly register: (() => Promise<void>) | undefined;
  /** Lives as long as the tab; null where it is refused. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** Whether the visitor has done anything on the page. */
  readonly touched: () => boolean;
  readonly reload: () => void;
  readonly wait: (ms: number) => Promise<void>;
}

const TRIED = 'mae-lens:isolation-tried';

/** A worker that takes longer serves the next visit. */
const PATIENCE_MS = 3000;
/** A page that is still there so long after it was to be reloaded goes on. */
const RELOAD_MS = 5000;

/** Resolves when the page can go on as it is; not while it is about to be reloaded. Never rejects. */
export async function isolate(host: IsolationHost): Promise<void> {
  const { memory, register } = host;
  try {
    if (host.isolated) {
      // So that a reload that went past the worker can be put right once more.
      memory?.removeItem(TRIED);
      return;
    }
    if (!host.secure || host.framed || register === undefined) return;
    if (memory !== null && memory.getItem(TRIED) !== null) return;
    const late = host.wait(PATIENCE_MS).then(() => true);
    const active = register().then(() => false);
    if (await Promise.race([active, late])) return;
    // Without a memory it could not be known that it was tried.
    if (memory === null || host.touched()) return;
    memory.setItem(TRIED, '1');
  } catch {
    // Private windows, forbidden storage, a missing file: one thread, as without this.
    return;
  }
  host.reload();
  await host.wait(RELOAD_MS);
}
