/**
 * The flags with which every tool of this project starts Chromium. One list, so that the browser tests, the golden
 * check and the benchmark see the same browser.
 */

/** WebGPU on a machine without a GPU: Chromium's software adapter. It works in pages and in workers. */
const softwareWebGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] as const;

/** Keeps the browser itself off the network, so that any request a test sees was made by the page. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
] as const;

/**
 * For Playwright, which adds `--headless` itself (new mode, because the executable is named). The sandbox is off
 * because containers seldom allow it and only this project's own pages are opened.
 */
export const launchFlags: readonly string[] = ['--no-sandbox', ...softwareWebGpu, ...quiet];
