-- Runs at a conversation's first event in a minute, and at the first after entries were settled.
-- In a group, a row that each message writes for each participant would cost more than noise
-- (docs/performance.md).
--
-- The caller holds the conversation's row lock. Under it alone these rows are written, but for the
-- archived flag, which is written behind the participant's row lock.
create function move_list_entries() returns trigger language plpgsql as $$
begin
  update list_entries e set active_minute = minute_of(new.updated_at), settled = false
    where e.conversation_id = new.id;
  new.entries_settled := false;
  return new;
end $$;

create trigger conversations_list_entries before update of last_sequence, updated_at
  on conversations for each row when (old.entries_settled
    or date_bin(interval '1 minute', old.updated_at, timestamptz 'epoch')
      <> date_bin(interval '1 minute', new.updated_at, timestamptz 'epoch'))
  execute function move_list_entries();
