import { spawn } from 'node:child_process';

export interface CommandResult {
  /** null when a signal ended it, or it took too long. */
  readonly exitCode: number | null;
  /** Everything it wrote, errors included. */
  readonly output: string;
}

export interface CommandOptions {
  readonly say: (text: string) => void;
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
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

/**
 * Runs a command to its end, which comes with everything that it started when it takes too long or when this process
 * ends first.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
  shell = false,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell,
    });
    let output = '';
    let late = false;
    const take = (text: string): void => {
      output += text;
      options.say(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const interrupted = (): void => endGroup(child.pid);
    process.once('exit', interrupted);
    const timer = setTimeout(() => {
      late = true;
      take(`stopped after ${Math.round(options.timeoutMs / 1000)} seconds\n`);
      endGroup(child.pid);
      // What left the group may still hold the pipes open; nobody waits for that.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 5000).unref();
    }, options.timeoutMs);
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

/** npm as it was called, which need not be the first one on the PATH. */
function npm(args: readonly string[]): readonly [command: string, args: readonly string[], shell: boolean] {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && /\.c?js$/.test(cli)) return [process.execPath, [cli, ...args], false];
  return ['npm', args, process.platform === 'win32'];
}

/** Runs one of package.json's scripts, so that `npm test` runs exactly what a person runs by hand. */
export function runScript(
  script: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const [command, rest, shell] = npm(['run', '--silent', script, '--', ...args]);
  return runCommand(command, rest, options, shell);
}
