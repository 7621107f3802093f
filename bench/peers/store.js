// Messages into the database by the same statement as Parley's, prepared and named.
const { Pool } = require('pg');
const { v7: uuidv7 } = require('uuid');

// The planner's settings are those of Parley's sessions.
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off',
});

const SEND_MESSAGE = `select s.outcome, s.audience, s.inboxes, (s.message).id, (s.message).sequence, (s.message).version,
  (s.message).content, (s.message).created_at as "createdAt" from send_messages($1, $2, $3) s`;

/** Stores a message; `viewing` are the ids of those who have the conversation open. */
async function sendMessage(userId, { conversationId, content }, viewing) {
  const sending = { id: uuidv7(), senderId: userId, content, attachments: [] };
  const { rows } = await pool.query({
    name: 'send-message',
    text: SEND_MESSAGE,
    values: [conversationId, viewing, JSON.stringify([sending])],
  });
  const { outcome, id, sequence, version, createdAt } = rows[0];
  if (outcome !== 'SENT') throw new Error(outcome);
  return { id, sequence, version, content, createdAt };
}

async function findUser(id) {
  const { rows } = await pool.query({
    name: 'find-user',
    text: 'select id, display_name as "displayName" from users where id = $1 and deactivated_at is null',
    values: [id],
  });
  return rows[0];
}

async function isParticipant(conversationId, userId) {
  const { rows } = await pool.query({
    name: 'is-participant',
    text: 'select 1 from participants where conversation_id = $1 and user_id = $2 and left_at is null',
    values: [conversationId, userId],
  });
  return rows.length > 0;
}

module.exports = { sendMessage, findUser, isParticipant };
