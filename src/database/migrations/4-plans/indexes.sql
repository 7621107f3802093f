-- Who is present in a conversation, however many have left it.
create index participants_present on participants (conversation_id, user_id) where left_at is null;

-- Offers of a status in their order, however many of another stand between them.
create index offers_of_conversation_by_status on offers (conversation_id, status, created_at, id);

create index offers_of_initiator_by_status on offers (initiator_id, status, created_at, id);

create index offers_of_responder_by_status on offers (responder_id, status, created_at, id);
