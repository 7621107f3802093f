-- Nodes of the version before call send_messages with a fourth argument. Its default would make
-- every call with three arguments ambiguous, and a default cannot be taken away. So that function
-- gets another name, and one without a default stands in its place. It is not dropped: a statement
-- that has found it just now still runs. A later migration drops both.
alter function send_messages(uuid, text[], jsonb, boolean) rename to send_messages_of_before;

create function send_messages(p_conversation_id uuid, p_viewing text[], p_sends jsonb,
  p_is_complete boolean)
returns table (outcome text, audience text[], inboxes jsonb, message messages,
  sender users) language sql as $$
  select * from send_messages_of_before(p_conversation_id, p_viewing, p_sends, p_is_complete)
$$;
