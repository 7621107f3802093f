-- Looks without a lock whether the user may write into the conversation: present, active and,
-- unless p_across_block, in a pair with no block between the two. The statement that locks the
-- conversation has this as a condition, so a user who may not write holds up nobody who may. The
-- truth is the look behind the lock.
--
-- In PL/pgSQL, which keeps the plans: a function in SQL that cannot be inlined is planned at each
-- call.
create function may_write(p_conversation_id uuid, p_user_id text, p_across_block boolean)
returns boolean language plpgsql stable as $$
declare
  v_kind text;
begin
  select c.kind into v_kind from participants p
    join users u on u.id = p.user_id and u.deactivated_at is null
    join conversations c on c.id = p.conversation_id
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null;
  if not found or p_across_block or v_kind <> 'PAIR' then
    return found;
  end if;
  return not exists (select from participants p
    where p.conversation_id = p_conversation_id and p.left_at is null
      and (exists (select from blocks where blocker_id = p_user_id and blocked_id = p.user_id)
        or exists (select from blocks where blocker_id = p.user_id and blocked_id = p_user_id)));
end $$;
