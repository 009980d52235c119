/** The page as it is built and hosted, in a browser that has never seen it, with a recorder in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { type Host, now, readSite, type Sent, type Site } from './host.ts';
import { ROOT } from './models.ts';
import type { Milestone } from './page/recorder.ts';

export interface BuiltPage {
  /** The files of the page, with this model in the place of the bundled one. */
  site(modelFolder: string): Promise<Site>;
  /** The script that `visit` puts into the page. */
  readonly recorder: string;
  dispose(): Promise<void>;
}

/** Cross-origin isolation, without which WebAssembly has one thread. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const BUNDLED = 'models/demo/';

/** @param dist a folder with the built page; null to build it into a temporary one */
export async function openBuiltPage(dist: string | null): Promise<BuiltPage> {
  const folder = dist ?? (await buildPage());
  const page = await readSite(folder);
  return {
    async site(modelFolder) {
      const model = await readSite(modelFolder);
      return new Map([...page, ...[...model].map(([name, entry]) => [BUNDLED + name, entry] as const)]);
    },
    recorder: await bundleRecorder(),
    dispose: async () => {
      if (dist === null) await rm(folder, { recursive: true });
    },
  };
}

async function buildPage(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-bench-'));
  await build({
    root: ROOT,
    configFile: path.join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return folder;
}

/** As one classic script, which runs before everything else in a document. */
async function bundleRecorder(): Promise<string> {
  const entry = path.join(import.meta.dirname, 'page/recorder.ts');
  const outputs = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['iife'], name: 'recorder', fileName: 'recorder' },
    },
  });
  const [chunk] = Array.isArray(outputs) ? outputs.flatMap(({ output }) => output) : [];
  if (chunk?.type !== 'chunk') throw new Error('The recorder could not be bundled.');
  return chunk.code;
}

/** When each milestone was reached, since the first document began; and what the host had sent by the time the page was ready for it. */
export type Milestones = ReadonlyMap<Milestone, { readonly ms: number; readonly sent: Sent }>;

export interface Visit {
  readonly page: Page;
  /** Resolves when the milestone is reached. */
  until(milestone: Milestone): Promise<Milestones>;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly recorder: string;
  readonly device?: 'wasm' | 'webgpu';
  /** Whether the page may use a service worker. */
  readonly serviceWorker?: boolean;
}

/** Milliseconds within which a page must have its first live result. */
const PATIENCE = 300_000;

/** Opens the page in a context of its own, with nothing cached and nothing stored. */
export async function visit(
  browser: Browser,
  host: Host,
  { recorder, device, serviceWorker = true }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: serviceWorker ? 'allow' : 'block',
  });
  const reached = new Map<Milestone, { ms: number; sent: Sent }>();
  const waiting = new Set<() => void>();
  let began: number | null = null;
  await context.exposeFunction('tellMilestone', (name: Milestone, shown: number, ready: number) => {
    began ??= shown;
    // The page itself was sent a little before its clock began.
    if (!reached.has(name)) reached.set(name, { ms: shown - began, sent: host.sent(asked, ready) });
    for (const check of waiting) check();
  });
  await context.addInitScript({ content: recorder });
  if (device !== undefined)
    await context.addInitScript((wanted) => localStorage.setItem('mae-lens:device', wanted), device);
  const page = await context.newPage();
  const asked = now();
  await page.goto(host.url, { waitUntil: 'commit' });
  return {
    page,
    until: (milestone) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`The page has not come to “${milestone}” in ${PATIENCE / 1000} s.`));
        }, PATIENCE);
        const check = () => {
          if (!reached.has(milestone)) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(reached);
        };
        waiting.add(check);
        check();
      }),
    close: () => context.close(),
  };
}
