-- The same of somebody who is about to go, while those in p_audience may be notified of what ends
-- with that: one's own participant before any inbox, and inboxes in the one order. The caller holds
-- the conversation's row lock.
create function read_in_leaving(
  p_user_id text, p_conversation_id uuid, p_audience text[], p_through integer, p_at timestamptz
) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
begin
  perform from participants p
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id for no key update;
  if exists (select from notifications n where n.user_id = p_user_id
    and n.conversation_id = p_conversation_id
      and n.kind = 'NEW_MESSAGE' and n.read_at is null) then
    perform from inboxes i where i.user_id = any(p_audience) order by i.user_id for update;
    return query select * from read_new_messages(p_user_id, p_conversation_id, p_through, p_at);
  end if;
end $$;
