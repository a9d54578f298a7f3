/** What the cache needs of a session. */
export interface Releasable {
  release(): Promise<void>;
}

interface Entry<Session> {
  readonly session: Session;
  readonly bytes: number;
}

/** Keeps the last sessions, within a number and a total size; the newest always stays, however large. */
export class SessionCache<Session extends Releasable> {
  private readonly entries = new Map<string, Entry<Session>>();

  constructor(
    private readonly maxSessions: number,
    private readonly maxBytes: number,
  ) {}

  get(key: string): Session | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    this.entries.delete(key);
    this.entries.set(key, found);
    return found.session;
  }

  /** @param bytes about what the session occupies */
  async add(key: string, session: Session, bytes: number): Promise<void> {
    this.entries.set(key, { session, bytes });
    for (const [oldest, entry] of this.entries) {
      if (oldest === key || (this.entries.size <= this.maxSessions && this.total() <= this.maxBytes)) break;
      this.entries.delete(oldest);
      await entry.session.release();
    }
  }

  async drop(key: string): Promise<void> {
    const found = this.entries.get(key);
    this.entries.delete(key);
    await found?.session.release();
  }

  async clear(): Promise<void> {
    for (const key of [...this.entries.keys()]) await this.drop(key);
  }

  private total(): number {
    let bytes = 0;
    for (const entry of this.entries.values()) bytes += entry.bytes;
    return bytes;
  }
}
