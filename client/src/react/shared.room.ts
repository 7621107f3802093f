import { follow } from '../follow/follow.js';
import type { FollowOptions, RoomState } from '../follow/room.js';
import { useShared } from './context.js';
import { LOADING } from './state.js';

const NONE: RoomState = {
  ...LOADING,
  messages: [],
  offers: [],
  participants: [],
  pending: [],
  hasEarlier: false,
  lastSequence: 0,
};

export const roomKey = (conversationId: string) => `room ${conversationId}`;

/** The state of a conversation that all hooks below the provider share. */
export function useRoom(id: string, viewing: FollowOptions['viewing']): RoomState {
  return useShared(
    roomKey(id),
    ({ client, pageSize }) => follow(client, id, { pageSize, viewing: false }),
    NONE,
    viewing,
  );
}
