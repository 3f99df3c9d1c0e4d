import { Socket } from 'node:net';
import { Client } from 'pg';
import type { Log } from './log';

/** Told of a notification's payload; of null when some may have been missed, after a lost connection. */
export type Listener = (payload: string | null) => void;

const RECONNECT_MS = [50, 200, 500, 1_000, 2_000];

/**
 * LISTEN over one connection of its own, opened with the first listener and opened again whenever it is lost. A payload is an id:
 * Postgres refuses more than 8,000 bytes, and what changed is read from the tables.
 */
export class Notifications {
  private readonly listeners = new Map<string, Set<Listener>>();
  private client: Client | null = null;
  private socket = new Socket();
  private connecting: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly url: () => string,
    private readonly log: Log,
  ) {}

  /**
   * Resolves when the listener hears; if the database does not answer, as soon as it does.
   * @returns ends listening
   */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const of = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, of.add(listener));
    if (this.client) await this.client.query(`LISTEN ${channel}`).catch(() => undefined);
    else await (this.connecting ??= this.connect());
    return () => void of.delete(listener);
  }

  /** The server had not answered for a time: what the present connection missed, or whether it lives, nobody knows. */
  renew(): void {
    if (this.client) this.socket.destroy();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connecting;
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt++) {
      const socket = new Socket();
      this.socket = socket;
      const client = new Client({
        stream: () => socket,
        connectionString: this.url(),
        application_name: 'beagle notifications',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      });
      // `end` follows every error; without a listener an error would end the process.
      client.on('error', () => undefined);
      try {
        await client.connect();
        for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
        client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
        client.once('end', () => this.lost());
        this.client = client;
        break;
      } catch {
        await client.end().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)]));
      }
    }
    this.connecting = null;
  }

  private lost(): void {
    this.client = null;
    if (this.closed) return;
    this.log.warn({}, 'the connection that listens to the database was lost; opening it again');
    this.connecting = this.connect().then(() => {
      for (const channel of this.listeners.keys()) this.tell(channel, null);
    });
  }

  private tell(channel: string, payload: string | null): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }
}
