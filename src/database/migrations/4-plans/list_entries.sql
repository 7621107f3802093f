-- Each person's list of conversations in the order of activity, to the minute: one row for each
-- participant who is present. Triggers alone write it.
create table list_entries (
  conversation_id uuid not null,
  user_id text not null,
  archived boolean not null,
  active_minute timestamptz(0) not null,
  settled boolean not null default false,
  primary key (conversation_id, user_id),
  foreign key (conversation_id, user_id) references participants on delete cascade
);

comment on column list_entries.active_minute is 'The minute of the conversation''s updated_at';

comment on column list_entries.settled is
  'True when nothing is unread. False when something is, or when that is not known';

alter table conversations add column entries_settled boolean not null default true;

comment on column conversations.entries_settled is
  'True when an entry may be settled: then the next event makes all of them unsettled';

create index list_entries_by_activity on list_entries
  (user_id, archived, active_minute desc, conversation_id);

create index list_entries_unsettled on list_entries (user_id, active_minute desc)
  where not settled and not archived;

create function minute_of(p_at timestamptz) returns timestamptz language sql immutable
return date_bin(interval '1 minute', p_at, timestamptz 'epoch');
