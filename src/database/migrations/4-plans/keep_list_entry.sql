-- A participant who is present has an entry, and one who has left has none.
create function keep_list_entry() returns trigger language plpgsql as $$
begin
  if new.left_at is not null then
    delete from list_entries e
      where e.conversation_id = new.conversation_id and e.user_id = new.user_id;
  else
    insert into list_entries (conversation_id, user_id, archived, active_minute, settled)
    select new.conversation_id, new.user_id, new.archived, minute_of(c.updated_at),
        c.entries_settled and new.last_read_sequence >= c.last_sequence
      from conversations c where c.id = new.conversation_id
    on conflict (conversation_id, user_id) do update set archived = excluded.archived;
  end if;
  return null;
end $$;

create trigger participants_list_entry after insert on participants
  for each row execute function keep_list_entry();

create trigger participants_list_entry_changed after update of left_at, archived on participants
  for each row when (old.archived <> new.archived or old.left_at is distinct from new.left_at)
  execute function keep_list_entry();
