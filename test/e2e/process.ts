import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line of stdout that matches; rejects if the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A program of the project, as npm's scripts start it. Nothing of the caller's environment decides but what is given. */
export function startProgram(file: string, args: readonly string[], environment: Record<string, string>): Running {
  const { DATABASE_URL: _url, PORT: _port, HOST: _host, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: PROJECT,
    env: { ...inherited, ...environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output.stderr += text.toString()));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, ...output }));
  return {
    child,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output.stdout);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        look();
        void ended.then(({ stderr }) => reject(new Error(`ended before ${pattern}: ${stderr}`)));
      }),
  };
}
