import { Listener } from './listener';

const ADDED = `subscription ($after: Int!) {
  notificationAdded(after: $after) { id sequence kind count readAt }
}`;

interface Notification {
  id: string;
  sequence: number;
  kind: string;
  count: number;
  readAt: string | null;
}

/** One client that follows a person's inbox from its very beginning, and keeps each notification as it came last. */
export class InboxFollower extends Listener<{ notificationAdded: Notification }> {
  readonly received: number[] = [];
  protected readonly query = ADDED;
  protected readonly variables = {};
  private readonly state = new Map<string, Notification>();

  start(): void {
    this.listen();
  }

  get last(): number {
    return this.received.at(-1) ?? this.after;
  }

  /** What is not as promised, given the inbox as it is: in the order of the sequences. */
  complaints(inbox: readonly Notification[]): string[] {
    const complaints: string[] = [];
    if (this.received.some((sequence, index) => sequence <= (this.received[index - 1] ?? 0)))
      complaints.push(`out of order or twice: ${this.received}`);
    for (const notification of inbox)
      if (JSON.stringify(this.state.get(notification.id)) !== JSON.stringify(notification))
        complaints.push(
          `${JSON.stringify(notification)} is known as ${JSON.stringify(this.state.get(notification.id))}`,
        );
    if (this.ending) complaints.push(`ended: ${JSON.stringify(this.ending)}`);
    return complaints;
  }

  protected take({ notificationAdded }: { notificationAdded: Notification }): void {
    this.received.push(notificationAdded.sequence);
    this.state.set(notificationAdded.id, notificationAdded);
  }
}
