-- No event can come in between, since the triggers' creation has locked the tables.
insert into list_entries (conversation_id, user_id, archived, active_minute, settled)
select p.conversation_id, p.user_id, p.archived, minute_of(c.updated_at),
  c.entries_settled and p.last_read_sequence >= c.last_sequence
from participants p join conversations c on c.id = p.conversation_id
where p.left_at is null;
