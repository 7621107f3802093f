import { Asker } from './asker';
import type { Answer, Answered, Commands } from './commands';
import { Crowd } from './crowd';
import { Expectation } from './expectation';
import { fanout } from './fanout';
import { pairs } from './pairs';
import { probe } from './probe';
import { query } from './query';
import { replay } from './replay';
import { Returners } from './returners';
import { sendOverHttp, sendOverSockets, sendToDatabase } from './send';
import { Talk } from './talk';

/** The load's process: does what it is told, one thing after the other, and answers. */
class Performer {
  private crowd: Crowd | null = null;
  private talk: Talk | null = null;
  private asker: Asker | null = null;
  private returners: Returners | null = null;

  perform(name: keyof Commands, input: never): Promise<unknown> {
    return (this[name] as (input: never) => Promise<unknown>)(input);
  }

  async open(input: Commands['open']['input']): Promise<null> {
    this.crowd = new Crowd(input);
    await this.crowd.open();
    return null;
  }

  async probe({ conversationIds }: Commands['probe']['input']): Promise<null> {
    const crowd = this.present();
    const all = crowd.sessions.map((_, index) => crowd.memberOf(index).conversationId);
    await probe(crowd, new Set(conversationIds ?? all));
    return null;
  }

  async receive({
    deliveries,
  }: Commands['receive']['input']): Promise<Commands['receive']['result']> {
    const crowd = this.present();
    const expectation = new Expectation(crowd.lost);
    crowd.onDelivery = () => expectation.step(crowd.deliveries);
    const startMs = performance.now();
    await expectation.until(deliveries, () => crowd.deliveries);
    return { elapsedMs: performance.now() - startMs };
  }

  fanout(input: Commands['fanout']['input']): Promise<Commands['fanout']['result']> {
    return fanout(this.present(), input);
  }

  pairs(input: Commands['pairs']['input']): Promise<Commands['pairs']['result']> {
    return pairs(this.present(), input);
  }

  replay(input: Commands['replay']['input']): Promise<Commands['replay']['result']> {
    return replay(this.present(), input);
  }

  query(input: Commands['query']['input']): Promise<Commands['query']['result']> {
    return query(input);
  }

  sendOverSockets(input: Commands['sendOverSockets']['input']): Promise<Answered> {
    return sendOverSockets(this.present(), input);
  }

  sendOverHttp(input: Commands['sendOverHttp']['input']): Promise<Answered> {
    return sendOverHttp(input);
  }

  sendToDatabase(input: Commands['sendToDatabase']['input']): Promise<Answered> {
    return sendToDatabase(input);
  }

  async beginTalk(input: Commands['beginTalk']['input']): Promise<null> {
    this.talk = new Talk(this.present(), input);
    return null;
  }

  endTalk(input: Commands['endTalk']['input']): Promise<Commands['endTalk']['result']> {
    if (!this.talk) throw new Error('nobody talks');
    return this.talk.end(input);
  }

  async beginAsking(input: Commands['beginAsking']['input']): Promise<null> {
    this.asker = new Asker(input);
    return null;
  }

  endAsking(): Promise<Commands['endAsking']['result']> {
    if (!this.asker) throw new Error('nobody asks');
    return this.asker.end();
  }

  async gather(input: Commands['gather']['input']): Promise<null> {
    this.returners = new Returners(input);
    await this.returners.gather();
    return null;
  }

  returned(): Promise<Commands['returned']['result']> {
    if (!this.returners) throw new Error('nobody has gathered');
    return this.returners.returned();
  }

  async close(): Promise<null> {
    this.crowd?.close();
    this.crowd = null;
    this.returners?.close();
    this.returners = null;
    return null;
  }

  private present(): Crowd {
    if (!this.crowd) throw new Error('nobody is connected');
    return this.crowd;
  }
}

const performer = new Performer();

process.on('message', ({ name, input }: { name: keyof Commands; input: never }) => {
  const answer = (text: Answer) => process.send!(text);
  performer.perform(name, input).then(
    (result) => answer({ result }),
    (error: Error) => answer({ error: error.message }),
  );
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
