-- Looks at the newest p_limit entries of a person that are not settled, settles those with nothing
-- unread, and returns their number. It waits for no lock.
create function settle_list_entries(p_user_id text, p_limit integer) returns integer
  language plpgsql as $$
declare
  v_locked uuid[];
  v_settled uuid[];
begin
  select array_agg(l.id) into v_locked from (
    select c.id from (
      select e.conversation_id from list_entries e
      where e.user_id = p_user_id and not e.settled and not e.archived
      order by e.active_minute desc limit p_limit
    ) e
    join participants p on p.conversation_id = e.conversation_id and p.user_id = p_user_id
    join conversations c on c.id = e.conversation_id
    where not (c.last_sequence > p.last_read_sequence and exists (select from messages m
      where m.conversation_id = c.id and m.sequence > p.last_read_sequence
        and m.deleted_at is null and m.sender_id is distinct from p_user_id))
    for no key update of c skip locked
  ) l;
  -- A statement of its own, whose snapshot is younger than the locks (decision 2).
  with settled as (
    update list_entries e set settled = true
    from participants p, conversations c
    where e.user_id = p_user_id and e.conversation_id = any(v_locked) and not e.settled
      and p.conversation_id = e.conversation_id and p.user_id = p_user_id
      and c.id = e.conversation_id
      and not (c.last_sequence > p.last_read_sequence and exists (select from messages m
        where m.conversation_id = c.id and m.sequence > p.last_read_sequence
          and m.deleted_at is null and m.sender_id is distinct from p_user_id))
    returning e.conversation_id
  )
  select array_agg(s.conversation_id) into v_settled from settled s;
  update conversations c set entries_settled = true
    where c.id = any(v_settled) and not c.entries_settled;
  return coalesce(cardinality(v_settled), 0);
end $$;
