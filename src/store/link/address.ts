/** The browser's address and the page kept alike: written as things change, read at the start and when it changes. */

import type { Lens } from '../lens.ts';
import type { LensState } from '../state.ts';
import { linkOf } from './apply-link.ts';
import { formatLink, type Link, type ParsedLink, parseLink, WHOLE_PAGE } from './link.ts';

/** What this needs of the browser. */
export interface AddressBar {
  /** The fragment, with its `#` or without. */
  read(): string;
  /** Puts another fragment in place of the present one. */
  replace(fragment: string): void;
  /** Adds one to the history, so that “back” leads to the present one. */
  push(fragment: string): void;
  /** Calls when the visitor went to another one, until the returned function is called. */
  watch(onChange: () => void): () => void;
}

/** Browsers refuse more than about a hundred changes in half a minute. */
const QUIET_MS = 400;

/** Starts the page with what the address says, and keeps the two alike until the returned function is called. */
export function startWithAddress(lens: Lens, bar: AddressBar): () => void {
  const { store } = lens;
  let shown = plain(bar.read());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let applying = false;

  /** What the link itself changes needs no writing. */
  function apply(open: (link: ParsedLink) => void): void {
    applying = true;
    open(parseLink(shown));
    applying = false;
  }

  function write(state: LensState, before: LensState): void {
    if (!concernsLink(state, before)) return;
    if (applying || state.image === null || state.opening !== null) return;
    const fragment = formatLink(linkOf(state));
    const pending = timer !== undefined;
    clearTimeout(timer);
    timer = undefined;
    if (fragment === shown) return;
    if (isDeliberate(linkOf(state), parseLink(shown).link)) {
      // What was not written yet belongs to the entry that is left.
      if (pending) bar.replace(formatLink({ ...linkOf(before), ...leftOf(parseLink(shown).link) }));
      shown = fragment;
      bar.push(fragment);
      return;
    }
    timer = setTimeout(() => {
      timer = undefined;
      shown = fragment;
      bar.replace(fragment);
    }, QUIET_MS);
  }

  apply(lens.start);
  const unsubscribe = store.subscribe(write);
  const unwatch = bar.watch(() => {
    const fragment = plain(bar.read());
    if (fragment === shown) return;
    clearTimeout(timer);
    timer = undefined;
    shown = fragment;
    apply((link) => void lens.openLink(link));
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
    unwatch();
  };
}

/** Most changes are none that a link tells of: the pointer moves, a model's download goes on. */
function concernsLink(state: LensState, before: LensState): boolean {
  const { settings, masking, image, opening, linkedModel, view, frame, model } = state;
  return (
    settings !== before.settings ||
    masking !== before.masking ||
    image !== before.image ||
    opening !== before.opening ||
    linkedModel !== before.linkedModel ||
    view !== before.view ||
    frame !== before.frame ||
    model.source !== before.model.source
  );
}

/** The page's whole address with what it shows. */
export function linkAddress(state: LensState, href: string): string {
  return addressWith(linkOf(state), href);
}

/** The same without what hides parts of the page. */
export function wholePageAddress(state: LensState, href: string): string {
  return addressWith({ ...linkOf(state), ...WHOLE_PAGE }, href);
}

/** HTML that puts the page into another one, with the images and the controls and little else. */
export function embedCode(state: LensState, href: string): string {
  const address = addressWith({ ...linkOf(state), embed: true }, href);
  return `<iframe src="${address.replaceAll('&', '&amp;')}" width="100%" height="720" style="border: 0" allow="clipboard-write; cross-origin-isolated" title="MAE Lens"></iframe>`;
}

function addressWith(link: Link, href: string): string {
  const url = new URL(href);
  url.hash = formatLink(link);
  return url.href;
}

/** Steps that “back” should lead back from; all others are too small. */
function isDeliberate(next: Link, shown: Link): boolean {
  return next.sample !== shown.sample || next.strategy !== shown.strategy || next.model !== shown.model;
}

/** The deliberate parts, as they were. */
function leftOf({ sample, strategy, model }: Link): Pick<Link, 'sample' | 'strategy' | 'model'> {
  return { sample, strategy, model };
}

function plain(fragment: string): string {
  return fragment.replace(/^#/, '');
}

/** The window's own address. */
export function browserAddressBar(window: Window): AddressBar {
  const at = (fragment: string) => {
    const { pathname, search } = window.location;
    return `${pathname}${search}${fragment === '' ? '' : `#${fragment}`}`;
  };
  return {
    read: () => window.location.hash,
    replace: (fragment) => window.history.replaceState(null, '', at(fragment)),
    push: (fragment) => window.history.pushState(null, '', at(fragment)),
    watch(onChange) {
      window.addEventListener('popstate', onChange);
      window.addEventListener('hashchange', onChange);
      return () => {
        window.removeEventListener('popstate', onChange);
        window.removeEventListener('hashchange', onChange);
      };
    },
  };
}
