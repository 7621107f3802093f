-- A conversation's pending offers are counted when one more is made, and are ended when a party
-- leaves. There are few of them, however many have ended.
create index offers_pending_of_conversation on offers (conversation_id, initiator_id)
  where status = 'PENDING';
