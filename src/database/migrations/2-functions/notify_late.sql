-- What somebody was not notified of because they were viewing, and did not read after all. One
-- grown notification for the messages, one for each step of an offer. Up to p_after, if that is
-- known, they were given everything.
create function notify_late(p_conversation_id uuid, p_user_id text, p_after integer)
returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
declare
  v_read integer;
  v_at timestamptz(3);
  v_event record;
begin
  -- At the end of each view, when there is hardly ever something to do: not with a lock.
  if p_after is not null and not exists (select from conversation_events e
      where e.conversation_id = p_conversation_id and e.sequence > p_after
        and e.viewing @> array[p_user_id]) then
    return;
  end if;
  perform from conversations where id = p_conversation_id for no key update;
  select greatest(p.last_read_sequence, p_after) into v_read from participants p
    join users u on u.id = p.user_id and u.deactivated_at is null
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null;
  if not found then
    return;
  end if;
  v_at := clock_timestamp();
  for v_event in
    with due as (
      update conversation_events e set viewing = nullif(array_remove(e.viewing, p_user_id), '{}'),
        notifies = case when e.viewing <> array[p_user_id] then e.notifies end
      from (select o.sequence, o.notifies from conversation_events o
        where o.conversation_id = p_conversation_id and o.sequence > v_read
          and o.viewing @> array[p_user_id]) o
      where e.conversation_id = p_conversation_id and e.sequence = o.sequence
      returning e.sequence, o.notifies, e.actor_id, e.message_id, e.offer_id
    ), wanted as (
      select d.* from due d left join messages m on m.id = d.message_id
      where m.deleted_at is null and (d.actor_id is null or not is_blocked(p_user_id, d.actor_id))
    )
    select (array_agg(w.actor_id order by w.sequence desc))[1] as actor_id, w.notifies,
      (array_agg(w.message_id order by w.sequence desc))[1] as message_id, w.offer_id,
        max(w.sequence) as sequence, count(*)::integer as count
    from wanted w group by w.notifies, w.offer_id,
      case when w.message_id is null then w.sequence end
    order by max(w.sequence)
  loop
    return query select * from notify(array[p_user_id], v_event.notifies, v_event.actor_id,
      p_conversation_id, v_event.message_id, v_event.offer_id, v_event.sequence, v_event.count,
        v_at);
  end loop;
end $$;
