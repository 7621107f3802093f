import type { Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { Scene, Stage } from '../harness/stage';
import { protocolOf } from './scenario';

/** Events that are replayed at each size, so that each window is as long. */
const IN_ALL = 100_000;
const WARM_UP = 20_000;

/** Somebody comes back, again and again, after so many events; one after the other. */
export async function measureReplay(
  stage: Stage,
  events: number,
): Promise<(peer: Peer) => Promise<Sample>> {
  const population: Population = { conversations: 1, people: 2, messages: events };
  const template = await stage.template((client) => populate(client, population));
  return (peer) =>
    stage.perform(peer, template, 'memory', async (scene) => {
      const some = Math.min(events, WARM_UP);
      await replay(peer, scene, { times: WARM_UP / some, after: events - some, events: some });
      const cpu = scene.server.cpu();
      const { elapsedMs } = await replay(peer, scene, { times: IN_ALL / events, after: 0, events });
      return {
        cpuUsPerEvent: (scene.server.cpu() - cpu) / IN_ALL,
        eventsPerSecond: (IN_ALL / elapsedMs) * 1_000,
      };
    });

  async function replay(
    peer: Peer,
    { load, server }: Scene,
    { times, after, events }: { times: number; after: number; events: number },
  ) {
    const member = { userId: userId(0, 0, population), conversationId: conversationId(0) };
    const members = Array.from({ length: times }, () => member);
    await load.do('open', {
      protocol: protocolOf(peer),
      port: server.port,
      members,
      subscribe: false,
    });
    const replayed = await load.do('replay', { after, events });
    await load.do('close', null);
    return replayed;
  }
}
