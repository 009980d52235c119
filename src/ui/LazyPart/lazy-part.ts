/**
 * A part of the page that is loaded after its first image: what is behind a button, and the libraries that only such
 * parts need. Loaded once; a failure (no network, or a newer page on the server) is not kept, so the next try works.
 */
import type { ComponentType } from 'react';

export interface LazyPart<Props> {
  /** Null until it has been loaded. */
  readonly current: () => ComponentType<Props> | null;
  readonly load: () => Promise<ComponentType<Props>>;
  /** Calls when it has been loaded, until the returned function is called. */
  readonly subscribe: (onLoad: () => void) => () => void;
}

/** @param fetchComponent a dynamic import; the build makes a file of its own of what it names */
export function lazyPart<Props>(fetchComponent: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  const listeners = new Set<() => void>();
  let current: ComponentType<Props> | null = null;
  let loading: Promise<ComponentType<Props>> | null = null;
  return {
    current: () => current,
    load() {
      loading ??= fetchComponent().then(
        (component) => {
          current = component;
          for (const listener of listeners) listener();
          return component;
        },
        (error: unknown) => {
          loading = null;
          throw error;
        },
      );
      return loading;
    },
    subscribe(onLoad) {
      listeners.add(onLoad);
      return () => listeners.delete(onLoad);
    },
  };
}
