import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of the browser's processes by what they are, in bytes. */
export interface BrowserMemory {
  /** The page with its workers: the largest process of its kind. */
  readonly renderer: number;
  /** The graphics process. With a software adapter it also holds what would be the graphics card's memory. */
  readonly gpu: number;
}

/** Reads /proc, so Linux only. Private pages only: a file that is mapped or shared counts for nobody. */
export function browserMemory(marker: string): BrowserMemory {
  let renderer = 0;
  let gpu = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const isRenderer = command.includes('--type=renderer');
      if (!command.includes(marker) || !(isRenderer || command.includes('--type=gpu-process'))) continue;
      const bytes = privateBytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      if (isRenderer) renderer = Math.max(renderer, bytes);
      else gpu = Math.max(gpu, bytes);
    } catch {
      // It ended while it was looked at.
    }
  }
  return { renderer, gpu };
}

/** The memory that a process has for itself, in bytes. */
export function privateBytes(smapsRollup: string): number {
  let kilobytes = 0;
  for (const [, size] of smapsRollup.matchAll(/^(?:Private_Clean|Private_Dirty|Swap):\s+(\d+) kB$/gm))
    kilobytes += Number(size);
  return 1024 * kilobytes;
}
