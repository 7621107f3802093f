-- Writes a notification of the platform into the inbox of an active user. With a key that was used
-- for this user before, returns the first notification, and writes nothing. No row is returned when
-- the user is unknown or deactivated. One statement for its caller, since it locks the inbox.
create function notify_user(p_id uuid, p_user_id text, p_title text, p_body text, p_data jsonb,
  p_deduplication_key text)
returns table (created boolean, notification notifications) language plpgsql as $$
declare
  v_sequence integer;
begin
  perform from users u where u.id = p_user_id and u.deactivated_at is null;
  if not found then
    return;
  end if;
  select i.last_sequence + 1 into v_sequence from inboxes i where i.user_id = p_user_id for update;
  select n.* into notification from notifications n
    where n.user_id = p_user_id and n.deduplication_key = p_deduplication_key;
  created := not found;
  if created then
    update inboxes i set last_sequence = v_sequence where i.user_id = p_user_id;
    insert into notifications as n (id, user_id, sequence, added_sequence, kind, title, body, data,
      deduplication_key, created_at)
    values (p_id, p_user_id, v_sequence, v_sequence, 'CUSTOM', p_title, p_body, p_data,
      p_deduplication_key, clock_timestamp())
    returning n.* into notification;
  end if;
  return next;
end $$;
