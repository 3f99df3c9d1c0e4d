import { Socket } from 'node:net';
import { Client } from 'pg';

/** A server that has not answered within this many ticks does not answer at all. */
const TICK_MS = 100;
const TICKS = 9;
/** For one that has not answered yet, or not since it was lost: a new connection is a process and a password check, slow on a busy machine. */
const TICKS_TO_RETURN = 30;
/** Postgres' own words that it is no use at the moment: class 08, and shutting down or starting up. */
const NOT_THERE = /^(08...|57P0[123])$/;

/**
 * Asks the server on a connection of its own whether it lives. A statement may take long because there is much to do; `SELECT 1` may not,
 * so this tells a slow statement from a server that hangs.
 */
export class Heartbeat {
  private client: Client | null = null;
  private socket = new Socket();
  /** The last time it was asked. */
  private answered = false;

  constructor(private readonly url: () => string | undefined) {}

  /** Whether the server answered, be it with an error. */
  async isAlive(): Promise<boolean> {
    // In ticks, not in one timeout: while this process is busy no tick passes, and its own delay is not held against the server.
    let ticks = 0;
    const patience = this.answered ? TICKS : TICKS_TO_RETURN;
    const clock = setInterval(() => {
      if (++ticks >= patience) this.socket.destroy();
    }, TICK_MS);
    try {
      this.client ??= await this.open();
      await this.client.query('SELECT 1');
      this.answered = true;
    } catch (error) {
      this.close();
      const { code } = error as { code?: unknown };
      this.answered = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !NOT_THERE.test(code);
    } finally {
      clearInterval(clock);
    }
    return this.answered;
  }

  close(): void {
    this.client = null;
    this.socket.destroy();
  }

  private async open(): Promise<Client> {
    const socket = new Socket();
    this.socket = socket;
    const client = new Client({
      connectionString: this.url(),
      application_name: 'beagle heartbeat',
      stream: () => socket,
    });
    // The pending question fails with it; without a listener it would end the process.
    client.on('error', () => undefined);
    client.once('end', () => {
      if (this.client === client) this.client = null;
    });
    await client.connect();
    return client;
  }
}
