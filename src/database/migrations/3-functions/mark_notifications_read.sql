-- Reads the user's unread notifications: those of the ids, and all up to a sequence. Returns them
-- in the order of their new sequences. One statement for its caller, since it locks the inbox.
create function mark_notifications_read(p_user_id text, p_ids uuid[], p_through integer)
returns setof notifications language plpgsql as $$
declare
  v_base integer;
begin
  select i.last_sequence into v_base from inboxes i where i.user_id = p_user_id for update;
  return query
    with due as (
      select w.id, (row_number() over (order by w.sequence))::integer as place from (
        select n.id, n.sequence from notifications n
        where n.user_id = p_user_id and n.read_at is null and n.id = any(p_ids)
        union
        -- As long as it is unread, a notification's two sequences are the same.
        select n.id, n.sequence from notifications n
        where n.user_id = p_user_id and n.read_at is null and n.added_sequence <= p_through
      ) w
    ), moved as (
      update inboxes i set last_sequence = v_base + (select count(*) from due)
      where i.user_id = p_user_id
    ), read as (
      update notifications n set read_at = clock_timestamp(), sequence = v_base + d.place
      from due d where n.id = d.id returning n.*
    )
    select * from read r order by r.sequence;
end $$;
