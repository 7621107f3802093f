-- Takes the user's name from the events up to p_through of which the user was not notified because
-- of viewing. An event that names nobody any more leaves the index of such events. It looks at the
-- newest 1,000 of them only, and leaves out a row that another transaction has locked: a name that
-- stays costs some bytes.
create function forget_viewing(p_conversation_id uuid, p_user_id text, p_through integer)
returns void language sql as $$
  with named as (
    select n.sequence from (
      select e.sequence, e.viewing from conversation_events e
      where e.conversation_id = p_conversation_id and e.viewing is not null
        and e.sequence <= p_through
      order by e.sequence desc limit 1000
    ) n where n.viewing @> array[p_user_id]
  ), free as (
    select e.sequence from conversation_events e
    where e.conversation_id = p_conversation_id and e.sequence in (select n.sequence from named n)
      and e.viewing @> array[p_user_id]
    for no key update skip locked
  )
  update conversation_events e set viewing = nullif(array_remove(e.viewing, p_user_id), '{}'),
    notifies = case when e.viewing <> array[p_user_id] then e.notifies end
  from free f where e.conversation_id = p_conversation_id and e.sequence = f.sequence
$$;
