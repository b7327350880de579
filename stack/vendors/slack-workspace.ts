export interface SlackMessage {
  type: 'message';
  channel: string;
  user: string;
  bot_id: string;
  text: string;
  /** Seconds with six more digits; identifies the message in its channel. */
  ts: string;
  thread_ts?: string;
  blocks?: unknown;
  metadata?: unknown;
}

export interface SlackUser {
  id: string;
  name: string;
  real_name: string;
  email: string;
  deleted?: boolean;
  is_bot?: boolean;
}

type SlackArguments = Record<string, unknown>;
type SlackAnswer = { ok: true; [field: string]: unknown } | { ok: false; error: string };

/** Slack's documented limit of the text of a message, in characters. */
const maxTextLength = 40_000;

/** What a Slack workspace knows and does, as the methods of the Web API answer it. */
export class SlackWorkspace {
  readonly messages: SlackMessage[] = [];
  private readonly channelIds = new Map<string, string>();
  private lastMicroseconds = 0;

  constructor(
    private readonly botUserId: string,
    private readonly channelNames: readonly string[] | undefined,
    private readonly users: readonly SlackUser[] = [],
  ) {
    for (const name of channelNames ?? []) this.addChannel(name);
  }

  identity(): SlackAnswer {
    return {
      ok: true,
      url: 'https://example.slack.com/',
      team: 'Example',
      user: 'worksynapse',
      team_id: 'T0EXAMPLE1',
      user_id: this.botUserId,
      bot_id: 'B0BOT00001',
    };
  }

  post(given: SlackArguments): SlackAnswer {
    const channel = this.findChannel(given.channel);
    if (!channel) return { ok: false, error: 'channel_not_found' };
    const text = typeof given.text === 'string' ? given.text : '';
    if (text === '' && given.blocks === undefined) return { ok: false, error: 'no_text' };
    if (text.length > maxTextLength) return { ok: false, error: 'msg_too_long' };
    const message: SlackMessage = {
      type: 'message',
      channel,
      user: this.botUserId,
      bot_id: 'B0BOT00001',
      text,
      ts: this.nextTimestamp(),
      ...(typeof given.thread_ts === 'string' && { thread_ts: given.thread_ts }),
      ...(given.blocks !== undefined && { blocks: given.blocks }),
      ...(given.metadata !== undefined && { metadata: given.metadata }),
    };
    this.messages.push(message);
    const { metadata: _metadata, channel: _channel, ...shown } = message;
    return { ok: true, channel, ts: message.ts, message: shown };
  }

  /** Newest first, as Slack does; replies are not part of a channel's history. */
  history(given: SlackArguments): SlackAnswer {
    if (![...this.channelIds.values()].includes(String(given.channel)))
      return { ok: false, error: 'channel_not_found' };
    const found = this.messages.filter(({ channel, thread_ts }) => channel === given.channel && !thread_ts);
    return page(found.reverse(), given);
  }

  /** The first message and its replies, oldest first. */
  replies(given: SlackArguments): SlackAnswer {
    const inThread = ({ ts, thread_ts }: SlackMessage) => ts === given.ts || thread_ts === given.ts;
    const found = this.messages.filter((message) => message.channel === given.channel && inThread(message));
    return found.length === 0 ? { ok: false, error: 'thread_not_found' } : page(found, given);
  }

  list(given: SlackArguments): SlackAnswer {
    const channels = [...this.channelIds].map(([name, id]) => ({
      id,
      name,
      is_channel: true,
      is_private: false,
      is_member: true,
    }));
    const { entries, next_cursor } = portion(channels, given);
    return { ok: true, channels: entries, response_metadata: { next_cursor } };
  }

  userList(given: SlackArguments): SlackAnswer {
    const { entries, next_cursor } = portion(this.users, given);
    const members = entries.map(({ email, real_name, ...rest }) => ({
      deleted: false,
      is_bot: false,
      ...rest,
      real_name,
      profile: { email, real_name },
    }));
    return { ok: true, members, response_metadata: { next_cursor } };
  }

  userByEmail(given: SlackArguments): SlackAnswer {
    const user = this.users.find(({ email }) => email === given.email);
    if (!user) return { ok: false, error: 'users_not_found' };
    const { email, real_name, ...rest } = user;
    return {
      ok: true,
      user: { ...rest, real_name, is_bot: false, tz: 'Europe/London', profile: { email, real_name } },
    };
  }

  private findChannel(given: unknown): string | undefined {
    const name = typeof given === 'string' ? given.replace(/^#/, '') : '';
    if (name === '' || [...this.channelIds.values()].includes(name)) return name || undefined;
    return this.channelIds.get(name) ?? (this.channelNames ? undefined : this.addChannel(name));
  }

  private addChannel(name: string): string {
    const isId = /^[CDG][A-Z0-9]{8,}$/.test(name);
    const id = isId ? name : `C${String(this.channelIds.size + 1).padStart(10, '0')}`;
    this.channelIds.set(name, id);
    return id;
  }

  private nextTimestamp(): string {
    this.lastMicroseconds = Math.max(Date.now() * 1000, this.lastMicroseconds + 1);
    const digits = String(this.lastMicroseconds);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }
}

function page(found: SlackMessage[], given: SlackArguments): SlackAnswer {
  const { entries, next_cursor: next } = portion(found, given);
  const withMetadata = given.include_all_metadata === true || given.include_all_metadata === 'true';
  const messages = entries.map(({ metadata, channel: _channel, ...message }) => ({
    ...message,
    ...(withMetadata && metadata !== undefined && { metadata }),
  }));
  return { ok: true, messages, has_more: next !== '', response_metadata: { next_cursor: next } };
}

/** A page by `cursor` and `limit`. */
function portion<Entry>(all: readonly Entry[], given: SlackArguments) {
  const limit = Number(given.limit ?? 100);
  const start = Number(given.cursor ?? 0);
  const next_cursor = start + limit < all.length ? String(start + limit) : '';
  return { entries: all.slice(start, start + limit), next_cursor };
}
