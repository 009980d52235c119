import { readFileSync } from 'node:fs';
import type { CDPSession } from '@playwright/test';

/** Resident memory of the browser's processes by what they are, in bytes. */
export interface BrowserMemory {
  /** The page with its workers: the largest process of its kind. */
  readonly renderer: number;
  /** The graphics process. With a software adapter it also holds what would be the graphics card's memory. */
  readonly gpu: number;
}

/** Reads /proc, so Linux only. Private pages only: a file that is mapped or shared counts for nobody. */
export async function browserMemory(session: CDPSession): Promise<BrowserMemory> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const largest = (type: string) =>
    Math.max(0, ...processInfo.filter((process) => process.type === type).map(({ id }) => privateMemory(id)));
  return { renderer: largest('renderer'), gpu: largest('GPU') };
}

function privateMemory(pid: number): number {
  try {
    return privateBytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    // It ended while it was looked at.
    return 0;
  }
}

/** The memory that a process has for itself, in bytes. */
export function privateBytes(smapsRollup: string): number {
  let kilobytes = 0;
  for (const [, size] of smapsRollup.matchAll(/^(?:Private_Clean|Private_Dirty|Swap):\s+(\d+) kB$/gm))
    kilobytes += Number(size);
  return 1024 * kilobytes;
}
