/**
 * The shell: what index.html shows until the page's script has come. It is a picture of the page and no more than
 * that, so it is inert, and the page's first rendering replaces it.
 */

/**
 * Put before anything of the shell has been read, so that nothing of it is painted where a link says more than the
 * shell knows: which parts are hidden, which picture, which mask.
 */
const GUARD = "document.currentScript.parentElement.hidden = location.hash.length > 1";

/** Words for screen readers, which do not see what is inert, and for tips, which do not come. */
const UNHEARD = / aria-(?:description|label|labelledby|keyshortcuts|valuetext)="[^"]*"/g;

/** Hints that React puts before the page: nothing is as urgent as the page's own script. */
const PRELOADS = /<link rel="preload"[^>]*>/g;

/** @param view the page's first view, as React's server renders it */
export function shellOf(view: string): string {
  const seen = view.replaceAll(PRELOADS, '').replaceAll(UNHEARD, '');
  return `<div id="shell" inert><script>${GUARD}</script>${seen}</div>`;
}

/** Classes in the HTML that no rule of the style sheets names. Icons bring names of their own, for nobody's style. */
export function unstyledClasses(html: string, css: string): readonly string[] {
  const used = [...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/\s+/));
  const styled = new Set([...css.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  return [...new Set(used)].filter((name) => !name.startsWith('lucide') && !styled.has(name));
}
