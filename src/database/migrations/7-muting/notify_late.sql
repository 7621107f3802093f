-- Notifies a user of events of which the user was not notified because of viewing, and which the
-- user did not read after all: of the messages by one notification that grows, of each step of an
-- offer by one. Up to p_after, if that is known, the user was given everything. Of events before
-- the newest 1,000 the user is not notified any more. A user who has muted the conversation by now
-- is notified of none of them, also later.
--
-- A call covers the oldest p_limit of these events and returns what changed in the inbox. The
-- caller calls again until no row is returned. The last call takes the user's name from the events
-- for which it does not matter any more, since they are read or too old, or the user has left.
--
-- Hardly ever there is something to do, so the conversation is locked only after a look.
create or replace function notify_late(p_conversation_id uuid, p_user_id text, p_after integer,
  p_limit integer)
returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
declare
  v_settled integer;
  v_at timestamptz(3);
  v_due integer;
  v_told boolean := false;
  v_muted boolean;
  v_event record;
begin
  v_settled := settled_for(p_conversation_id, p_user_id);
  if exists (select from conversation_events e where e.conversation_id = p_conversation_id
      and e.sequence > greatest(v_settled, p_after) and e.viewing @> array[p_user_id]) then
    perform from conversations where id = p_conversation_id for no key update;
    v_settled := settled_for(p_conversation_id, p_user_id);
    v_at := clock_timestamp();
    v_due := p_limit;
    v_muted := exists (select from participants p where p.conversation_id = p_conversation_id
      and p.user_id = p_user_id and p.muted_until > v_at);
  end if;
  -- Events of which nothing is to be told fill no portion.
  while v_due = p_limit and not v_told loop
    v_due := 0;
    for v_event in
      with due as (
        update conversation_events e set viewing = nullif(array_remove(e.viewing, p_user_id), '{}'),
          notifies = case when e.viewing <> array[p_user_id] then e.notifies end
        from (select o.sequence, o.notifies from conversation_events o
          where o.conversation_id = p_conversation_id
            and o.sequence > greatest(v_settled, p_after) and o.viewing @> array[p_user_id]
          order by o.sequence limit p_limit) o
        where e.conversation_id = p_conversation_id and e.sequence = o.sequence
        returning e.sequence, o.notifies, e.actor_id, e.message_id, e.offer_id
      ), judged as (
        select d.*, not v_muted and m.deleted_at is null
          and (d.actor_id is null or not is_blocked(p_user_id, d.actor_id)) as is_told
        from due d left join messages m on m.id = d.message_id
      )
      select j.is_told, (array_agg(j.actor_id order by j.sequence desc))[1] as actor_id, j.notifies,
        (array_agg(j.message_id order by j.sequence desc))[1] as message_id, j.offer_id,
        max(j.sequence) as sequence, count(*)::integer as count
      from judged j group by j.is_told, j.notifies, j.offer_id,
        case when j.message_id is null then j.sequence end
      order by max(j.sequence)
    loop
      v_due := v_due + v_event.count;
      continue when not v_event.is_told;
      v_told := true;
      return query select * from notify(array[p_user_id], v_event.notifies, v_event.actor_id,
        p_conversation_id, v_event.message_id, v_event.offer_id, v_event.sequence, v_event.count,
        v_at);
    end loop;
  end loop;
  if not v_told then
    perform forget_viewing(p_conversation_id, p_user_id, v_settled);
  end if;
end $$;
