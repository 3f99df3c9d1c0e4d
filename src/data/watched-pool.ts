import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { Heartbeat } from './heartbeat';
import type { Log } from './log';

const BEAT_MS = 200;

const unanswered = (): Error => Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' });

type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, done: () => void) => void;

/**
 * A pool that gives up on a server which hangs. While connections are in use the server is asked every 200 ms whether it lives; if it does not
 * answer, every statement under way fails at once and new ones are refused, until it answers again. So a caller waits 1.1 seconds for a
 * database that is gone (promised are two, and a busy machine takes its share), and as long as it takes for one that has much to do.
 */
export class WatchedPool extends Pool {
  // Private to the engine: pg's own class has a `log`, and may get others of these names.
  readonly #log: Log;
  readonly #heart = new Heartbeat(() => this.options.connectionString);
  readonly #taken = new Set<PoolClient>();
  readonly #waiting = new Set<(error: Error) => void>();
  readonly #returnListeners: (() => void)[] = [];
  #beating = false;
  #gone = false;
  #closed = false;

  constructor(config: PoolConfig, log: Log) {
    super(config);
    this.#log = log;
    // pg takes its listener away from a connection in use, and leaves it to whoever uses it to have one: what it is told there its statement is told
    // as well, and an error without a listener ends the process.
    this.on('connect', (client) => client.on('error', () => undefined));
    this.on('acquire', (client) => this.#taken.add(client));
    this.on('release', (_, client) => this.#taken.delete(client));
    this.on('remove', (client) => this.#taken.delete(client));
  }

  /** Called when the server had not answered, and does again. */
  onReturn(listener: () => void): void {
    this.#returnListeners.push(listener);
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const connected = this.#gone ? Promise.reject(unanswered()) : this.#connect();
    if (!callback) return connected;
    connected.then(
      (client) => process.nextTick(callback, undefined, client, client.release),
      (error: Error) => process.nextTick(callback, error, undefined, () => undefined),
    );
  }

  /** A connection, or the news that the server is lost if that comes first. */
  #connect(): Promise<PoolClient> {
    if (!this.#beating) void this.#beat();
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      super.connect().then(
        (client) => {
          if (this.#waiting.delete(reject)) resolve(client);
          else client.release();
        },
        (error: Error) => {
          this.#waiting.delete(reject);
          reject(error);
        },
      );
    });
  }

  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | void {
    this.#closed = true;
    this.#heart.close();
    return callback ? super.end(callback) : super.end();
  }

  get #busy(): boolean {
    return this.totalCount > this.idleCount || this.waitingCount > 0;
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    for (;;) {
      await sleep(BEAT_MS, undefined, { ref: false });
      if (this.#closed || !(this.#gone || this.#busy)) break;
      const alive = await this.#heart.isAlive();
      if (this.#closed) break;
      if (this.#gone && alive) this.#found();
      else if (!this.#gone && !alive) this.#lost();
    }
    this.#beating = false;
  }

  #lost(): void {
    this.#log.warn({}, 'the database does not answer');
    for (const reject of this.#waiting) reject(unanswered());
    this.#waiting.clear();
    // pg destroys a connection that has a statement under way.
    for (const client of this.#taken) void client.end();
    // Those at rest go too: if the network has changed, they would hang with their next statement.
    const drop = (client: PoolClient) => client.release(true);
    for (let idle = this.idleCount; idle > 0; idle--) super.connect().then(drop, () => undefined);
    this.#gone = true;
  }

  #found(): void {
    this.#gone = false;
    this.#log.info({}, 'the database answers again');
    for (const listener of this.#returnListeners) listener();
  }
}
