-- No event can come in between, since the triggers' creation has locked the tables. An entry of the
-- last two minutes is not settled, for the reason that settle_list_entries gives.
insert into list_entries (conversation_id, user_id, archived, active_minute, settled)
select p.conversation_id, p.user_id, p.archived, minute_of(c.updated_at),
  p.last_read_sequence >= c.last_sequence
    and minute_of(c.updated_at) < minute_of(clock_timestamp()) - interval '1 minute'
from participants p join conversations c on c.id = p.conversation_id
where p.left_at is null;
