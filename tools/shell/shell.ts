/**
 * The shell: what index.html shows until the page's script has come. It is an image of the page and no more than
 * that, so it is inert, and the page's first rendering replaces it.
 */

/** For browsers that do not tell of their first frame. */
const FRAME_PATIENCE_MS = 1000;

/** Of an address that may say more than the shell knows; for scripts in the page. */
const LINKED = 'location.hash.length > 1';

/**
 * Put before anything of the shell has been read, so that nothing of it is painted where a link says more than the
 * shell knows: which parts are hidden, which image, which mask.
 */
const GUARD = `document.currentScript.parentElement.hidden = ${LINKED}`;

/** In place of the page, so that a shell without one does not look as if it could be used. */
const MISSING = `<div id="shell-missing" role="alert" hidden style="position: fixed; z-index: 1; inset: 1rem 1rem auto; max-width: 34rem; margin-inline: auto; padding: 0.75rem 1rem; border: 1px solid var(--hairline); border-inline-start: 3px solid var(--danger); border-radius: var(--radius); background: var(--raised); box-shadow: var(--shadow)">The page could not be loaded. Check the connection, then <a href="" onclick="location.reload(); return false">load it again</a>.</div>`;

/** Words for screen readers, which do not see what is inert, and for tips, which do not come. */
const UNHEARD = / aria-(?:description|label|labelledby|keyshortcuts|valuetext)="[^"]*"/g;

/** Hints that React puts before the page: nothing is as urgent as the page's own script. */
const PRELOADS = /<link rel="preload"[^>]*>/g;

/** @param view the page's first view, as React's server renders it */
export function shellOf(view: string): string {
  const seen = view.replaceAll(PRELOADS, '').replaceAll(UNHEARD, '');
  return `${MISSING}<div id="shell" inert><script>${GUARD}</script>${seen}</div>`;
}

/**
 * Fetches the page's script and its typeface at once, and runs the script after the first frame, which is the shell's:
 * reading and running it takes a phone longer than showing the shell does. A page that nobody sees has no frames, and
 * a hidden shell none of interest. Without JavaScript there is no shell, but what index.html says then.
 * @param addresses relative to the page
 */
export function headOf({ script, font }: { readonly script: string; readonly font: string }): string {
  return `<link rel="modulepreload" crossorigin href="${script}">
    <link rel="preload" as="font" type="font/woff2" crossorigin href="${font}">
    <script type="module">
      const missing = () => document.getElementById('shell-missing')?.removeAttribute('hidden');
      const start = () => import('${script}').catch(missing);
      if (${LINKED} || document.hidden) start();
      else {
        new PerformanceObserver(start).observe({ type: 'paint', buffered: true });
        setTimeout(start, ${FRAME_PATIENCE_MS});
      }
    </script>
    <noscript><style>#shell { display: none }</style></noscript>`;
}

/** Classes in the HTML that no rule of the style sheets names. Icons bring names of their own, for nobody's style. */
export function unstyledClasses(html: string, css: string): readonly string[] {
  const used = [...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/\s+/));
  const styled = new Set([...css.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  return [...new Set(used)].filter((name) => !name.startsWith('lucide') && !styled.has(name));
}
