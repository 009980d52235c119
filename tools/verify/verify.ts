/**
 * npm run verify -- DIR [DIR ...] [--device wasm|webgpu] [--atol 1e-4]
 *
 * Holds the page's engine, in a real browser, against golden files. DIR holds a checkpoint (`config.json` and
 * weights, or a `recipe.json` in their place) and `cases/*.safetensors`; see tools/reference/README.md.
 * One line for each tensor with the largest absolute difference; exit code 1 when any of them is wrong.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import type { DirectoryReport, DirectoryRequest } from './page/harness.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string', default: 'wasm' },
    atol: { type: 'string', default: '1e-4' },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const device = values.device;
  const atol = Number(values.atol);
  if ((device !== 'wasm' && device !== 'webgpu') || !(atol >= 0) || positionals.length === 0) {
    console.error('Usage: npm run verify -- DIR [DIR ...] [--device wasm|webgpu] [--atol 1e-4]');
    return 2;
  }
  const directories = positionals.map((directory) => path.resolve(directory));
  for (const directory of directories) {
    if (!existsSync(path.join(directory, 'config.json')) || !existsSync(path.join(directory, 'cases'))) {
      console.error(
        `${directory} has no config.json or no cases. A golden directory has both; see tools/reference.`,
      );
      return 2;
    }
  }

  const server = await servePages(
    Object.fromEntries(directories.map((directory, i) => [`golden/${i}`, directory])),
  );
  const browser = await launchBrowser();
  let passed = 0;
  let failed = 0;
  try {
    for (const [i, directory] of directories.entries()) {
      // A fresh page for each: what one model leaves behind must not help or hurt the next.
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(`page: ${error.message}`));
      await page.goto(`${server.address}/tools/verify/page/index.html`);
      await page.waitForFunction(() => 'verifyDirectory' in globalThis);
      const request: DirectoryRequest = {
        url: `${server.address}/golden/${i}`,
        cases: readdirSync(path.join(directory, 'cases')).filter((file) => file.endsWith('.safetensors')),
        fromRecipe: existsSync(path.join(directory, 'recipe.json')),
        device,
        atol,
      };
      const name = path.basename(directory);
      try {
        const report = await page.evaluate((argument) => globalThis.verifyDirectory(argument), request);
        const counts = print(name, report);
        passed += counts.passed;
        failed += counts.failed;
      } catch (error) {
        failed += 1;
        console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function print(name: string, report: DirectoryReport): { passed: number; failed: number } {
  console.log(`# ${name} on ${report.device}, ${report.attention} attention`);
  let passed = 0;
  let failed = 0;
  if (report.fallback !== null) {
    failed += 1;
    console.log(`FAIL ${name}: the device that was asked for was not used. ${report.fallback}`);
  }
  for (const { name: caseName, comparisons } of report.cases) {
    if (comparisons.length === 0) {
      failed += 1;
      console.log(`FAIL ${name}/${caseName}: it expects nothing`);
    }
    for (const { name: tensor, shape, difference, passed: good, remark } of comparisons) {
      if (good) passed += 1;
      else failed += 1;
      const detail = remark === undefined ? `max |difference| ${difference.toExponential(2)}` : remark;
      console.log(`${good ? 'ok  ' : 'FAIL'} ${name}/${caseName} ${tensor} [${shape.join(', ')}] ${detail}`);
    }
  }
  return { passed, failed };
}
