create table installation (
  id uuid not null default gen_random_uuid(),
  log_epoch uuid not null default gen_random_uuid(),
  singleton boolean primary key default true check (singleton)
);

insert into installation default values;

create table users (
  id text primary key check (char_length(id) between 1 and 128),
  username text not null check (username <> ''),
  display_name text,
  avatar_url text,
  last_seen_at timestamptz(3),
  deactivated_at timestamptz(3),
  created_at timestamptz(3) not null default clock_timestamp()
);

create table conversations (
  id uuid primary key,
  kind text not null check (kind in ('PAIR', 'GROUP')),
  pair_low text collate "C" references users,
  pair_high text collate "C" references users,
  listing_id text,
  subject text,
  creator_id text not null references users,
  client_conversation_id text,
  input_hash text,
  last_sequence integer not null default 0 check (last_sequence >= 0),
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  check ((pair_low is null) = (pair_high is null)),
  check (pair_low < pair_high),
  check (kind = 'PAIR' or pair_low is null),
  check ((client_conversation_id is null) = (input_hash is null))
);

comment on column conversations.pair_low is
  'The pair in order, while both are present: one live conversation a pair and listing';

create unique index conversations_one_a_pair on conversations (pair_low, pair_high, listing_id)
  nulls not distinct where pair_low is not null;

create unique index conversations_client_id on conversations (creator_id, client_conversation_id)
  where client_conversation_id is not null;

create table participants (
  conversation_id uuid not null references conversations,
  user_id text not null references users,
  joined_at timestamptz(3) not null default clock_timestamp(),
  joined_sequence integer not null default 0 check (joined_sequence >= 0),
  left_at timestamptz(3),
  last_read_sequence integer not null default 0 check (last_read_sequence >= 0),
  last_read_at timestamptz(3),
  archived boolean not null default false,
  muted_until timestamptz(3),
  primary key (conversation_id, user_id)
);

create index participants_of_user on participants (user_id, conversation_id) where left_at is null;

create table messages (
  id uuid primary key,
  conversation_id uuid not null references conversations,
  sequence integer not null check (sequence > 0),
  version integer not null default 1 check (version > 0),
  sender_id text,
  content text not null,
  attachments jsonb not null default '[]' check (jsonb_array_length(attachments) <= 10),
  reply_to_id uuid,
  client_message_id text check (char_length(client_message_id) between 1 and 64),
  input_hash text,
  created_at timestamptz(3) not null,
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  unique (conversation_id, sequence),
  unique (conversation_id, id),
  unique (sender_id, client_message_id),
  foreign key (conversation_id, sender_id) references participants,
  foreign key (conversation_id, reply_to_id) references messages (conversation_id, id),
  check ((client_message_id is null) = (input_hash is null)),
  check (deleted_at is null or (content = '' and attachments = '[]'))
);

create table offers (
  id uuid primary key,
  conversation_id uuid not null references conversations,
  initiator_id text not null,
  responder_id text not null,
  proposer_id text not null,
  recipient_id text not null,
  status text not null check (status in
    ('PENDING', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'EXPIRED', 'COMPLETED', 'CANCELLED')),
  version integer not null check (version > 0),
  items jsonb not null check (jsonb_array_length(items) between 1 and 20),
  note text,
  expires_at timestamptz(3) not null,
  completion_confirmed_by text[] not null default '{}',
  client_offer_id text check (char_length(client_offer_id) between 1 and 64),
  input_hash text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (conversation_id, id),
  unique (initiator_id, client_offer_id),
  foreign key (conversation_id, initiator_id) references participants,
  foreign key (conversation_id, responder_id) references participants,
  check (initiator_id <> responder_id),
  check ((proposer_id, recipient_id) in ((initiator_id, responder_id), (responder_id,
    initiator_id))), check (completion_confirmed_by <@ array[initiator_id, responder_id]),
      check ((client_offer_id is null) = (input_hash is null))
);

create index offers_of_conversation on offers (conversation_id, created_at, id);

create index offers_of_initiator on offers (initiator_id, created_at, id);

create index offers_of_responder on offers (responder_id, created_at, id);

create index offers_pending on offers (expires_at) where status = 'PENDING';

create table offer_transitions (
  offer_id uuid not null references offers,
  version integer not null check (version > 0),
  action text not null check (action in ('CREATE', 'COUNTER', 'REVISE', 'ACCEPT', 'DECLINE',
    'WITHDRAW', 'EXPIRE', 'CONFIRM_COMPLETION', 'COMPLETE', 'CANCEL')),
      actor_id text references users, status text not null, items jsonb not null, note text,
        expires_at timestamptz(3) not null, input_hash text, at timestamptz(3) not null,
          primary key (offer_id, version)
);

create table conversation_events (
  conversation_id uuid not null references conversations,
  sequence integer not null check (sequence > 0),
  kind text not null,
  actor_id text references users,
  message_id uuid,
  offer_id uuid,
  offer_version integer,
  offer_action text,
  participant_id text,
  notifies text,
  viewing text[],
  at timestamptz(3) not null,
  primary key (conversation_id, sequence),
  foreign key (conversation_id, message_id) references messages (conversation_id, id),
  foreign key (conversation_id, offer_id) references offers (conversation_id, id),
  foreign key (offer_id, offer_version) references offer_transitions,
  foreign key (conversation_id, participant_id) references participants,
  unique (offer_id, offer_version),
  check (case
    when kind in ('MESSAGE_ADDED', 'MESSAGE_EDITED', 'MESSAGE_DELETED')
      then message_id is not null
        and num_nonnulls(offer_id, offer_version, offer_action, participant_id) = 0
    when kind = 'OFFER_UPDATED'
      then num_nonnulls(offer_id, offer_version, offer_action) = 3
        and num_nonnulls(message_id, participant_id) = 0
    when kind in ('PARTICIPANT_ADDED', 'PARTICIPANT_REMOVED')
      then participant_id is not null
        and num_nonnulls(message_id, offer_id, offer_version, offer_action) = 0
    else false end),
  check ((notifies is null) = (viewing is null))
);

comment on column conversation_events.viewing is
  'Who was not notified (of what notifies says), because they had the conversation open';

create index conversation_events_viewing on conversation_events (conversation_id, sequence)
  where viewing is not null;

create unique index messages_of_system on messages (conversation_id, client_message_id)
  where sender_id is null and client_message_id is not null;

create table blocks (
  blocker_id text not null references users,
  blocked_id text not null references users,
  created_at timestamptz(3) not null default clock_timestamp(),
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);

create index blocks_of_blocked on blocks (blocked_id, blocker_id);

create table inboxes (
  user_id text primary key references users,
  last_sequence integer not null default 0 check (last_sequence >= 0)
);

-- Whoever makes a user, and however: nobody is without an inbox.
create function open_inbox() returns trigger language plpgsql as $$
begin
  insert into inboxes (user_id) values (new.id);
  return null;
end $$;

create trigger users_inbox after insert on users for each row execute function open_inbox();

create table notifications (
  id uuid primary key,
  user_id text not null references inboxes,
  sequence integer not null check (sequence > 0),
  added_sequence integer not null check (added_sequence between 1 and sequence),
  kind text not null,
  actor_id text references users,
  conversation_id uuid references conversations,
  message_id uuid,
  offer_id uuid,
  event_sequence integer,
  count integer not null default 1 check (count > 0),
  title text,
  body text,
  data jsonb,
  deduplication_key text,
  created_at timestamptz(3) not null,
  read_at timestamptz(3),
  unique (user_id, sequence),
  unique (user_id, deduplication_key),
  foreign key (conversation_id, message_id) references messages (conversation_id, id),
  foreign key (conversation_id, offer_id) references offers (conversation_id, id),
  check (case
    when kind = 'CUSTOM' then title is not null
      and num_nonnulls(conversation_id, message_id, offer_id) = 0
    when kind = 'NEW_MESSAGE' then num_nonnulls(conversation_id, message_id, event_sequence) = 3
      and offer_id is null
    else num_nonnulls(conversation_id, offer_id, event_sequence) = 3 and message_id is null
      and count = 1 end)
);

comment on column notifications.sequence is 'Place in the inbox: a new one at every change';

comment on column notifications.added_sequence is
  'Place in the list: a new one when it grew, not when it was read';

create index notifications_listed on notifications (user_id, added_sequence);

create index notifications_unread on notifications (user_id, added_sequence) where read_at is null;

create unique index notifications_one_a_conversation on notifications (user_id, conversation_id)
  where kind = 'NEW_MESSAGE' and read_at is null;
