import { spawn } from 'node:child_process';

export interface CommandResult {
  /** null when a signal ended it, or it took too long. */
  readonly exitCode: number | null;
  /** Everything it wrote, errors included. */
  readonly output: string;
}

/** Ends a command with everything that it started, so that no server or browser stays behind. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Runs a command to its end, which comes when it takes too long, or when this process ends first. */
export function runCommand(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: command === 'npm' && process.platform === 'win32',
    });
    let output = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const interrupted = (): void => endGroup(child.pid);
    process.once('exit', interrupted);
    const timer = setTimeout(() => {
      late = true;
      output += `stopped after ${Math.round(timeoutMs / 1000)} seconds\n`;
      endGroup(child.pid);
      // What left the group may still hold the pipes open; nobody waits for that.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 5000).unref();
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      process.off('exit', interrupted);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (exitCode) => {
      settle();
      resolve({ exitCode: late ? null : exitCode, output });
    });
  });
}
