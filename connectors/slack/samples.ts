const envelope = {
  type: 'event_callback' as const,
  team_id: 'T0EXAMPLE1',
  api_app_id: 'A0EXAMPLE1',
  event_id: 'Ev0EXAMPLE1',
  event_time: 1_777_885_950,
  authorizations: [{ enterprise_id: null, team_id: 'T0EXAMPLE1', user_id: 'U0EXAMPLE9', is_bot: true }],
};

const posted = {
  channel: 'C0EXAMPLE1',
  user: 'U0EXAMPLE1',
  ts: '1777885950.000100',
  event_ts: '1777885950.000100',
};

export const messagePosted = {
  ...envelope,
  event: {
    ...posted,
    type: 'message' as const,
    text: 'The shop is slow this morning. Can somebody have a look?',
    channel_type: 'channel',
  },
};

export const appMentioned = {
  ...envelope,
  event: {
    ...posted,
    type: 'app_mention' as const,
    text: '<@U0EXAMPLE9> please open a ticket for this.',
    thread_ts: '1777885900.000200',
  },
};

export const reactionAdded = {
  ...envelope,
  event: {
    type: 'reaction_added' as const,
    user: 'U0EXAMPLE1',
    reaction: 'eyes',
    item_user: 'U0EXAMPLE2',
    item: { type: 'message', channel: posted.channel, ts: posted.ts },
    event_ts: '1777885980.000300',
  },
};
