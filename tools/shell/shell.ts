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

/** For browsers that do not tell of their first frame. */
const FRAME_PATIENCE_MS = 1000;

/** Hints that React puts before the page: nothing is as urgent as the page's own script. */
const PRELOADS = /<link rel="preload"[^>]*>/g;

/** @param view the page's first view, as React's server renders it */
export function shellOf(view: string): string {
  const seen = view.replaceAll(PRELOADS, '').replaceAll(UNHEARD, '');
  return `<div id="shell" inert><script>${GUARD}</script>${seen}</div>`;
}

/**
 * Fetches the page's script and its typeface at once, and runs the script after the first frame, which is the shell's:
 * reading and running it takes a phone longer than showing the shell does. A page that nobody sees has no frames, and
 * a hidden shell none of interest.
 * @param addresses relative to the page
 */
export function headOf({ script, font }: { readonly script: string; readonly font: string }): string {
  return `<link rel="modulepreload" crossorigin href="${script}">
    <link rel="preload" as="font" type="font/woff2" crossorigin href="${font}">
    <script type="module">
      const start = () => import('${script}');
      if (location.hash.length > 1 || document.hidden) start();
      else {
        new PerformanceObserver(start).observe({ type: 'paint', buffered: true });
        setTimeout(start, ${FRAME_PATIENCE_MS});
      }
    </script>`;
}

/** Classes in the HTML that no rule of the style sheets names. Icons bring names of their own, for nobody's style. */
export function unstyledClasses(html: string, css: string): readonly string[] {
  const used = [...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/\s+/));
  const styled = new Set([...css.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  return [...new Set(used)].filter((name) => !name.startsWith('lucide') && !styled.has(name));
}
