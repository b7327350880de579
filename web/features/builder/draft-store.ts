import type { Draft } from '#core/automation/draft/draft.js';
import { type DraftHistory, historyOf, record, redo, undo } from '#core/automation/draft/draft-history.js';
import { canonicalJson } from '#core/canonical-json.js';
import { toApiError } from '../../api/api-error.js';

/** A draft as the API keeps it. */
export interface SavedDraft {
  draft: Draft;
  /** Of the automation's row. */
  version: number;
  /** Who saved it, as an id of a user. */
  by: string;
}

export interface DraftState {
  history: DraftHistory;
  /** `conflict`: somebody else saved meanwhile, and nothing more is saved until it is said what counts. */
  saving: 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict';
  error: unknown;
}

/** Where drafts are kept. */
export interface DraftSource {
  /** Throws `conflict` unless the row is at this version. */
  save(draft: Draft, version: number): Promise<SavedDraft>;
  read(): Promise<SavedDraft>;
}

/** So long after the last change a draft is saved. */
const restMs = 700;

/**
 * The draft that is worked on: its history, and the way of each change to the API, one at a time. What others save comes
 * in at once where there is nothing of one's own to lose; else there is a conflict.
 */
export class DraftStore {
  #state: DraftState;
  #saved: SavedDraft;
  #theirs: SavedDraft | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #save: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #source: DraftSource;

  constructor(saved: SavedDraft, source: DraftSource) {
    this.#saved = saved;
    this.#source = source;
    this.#state = { history: historyOf(saved.draft), saving: 'saved', error: undefined };
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = () => this.#state;

  get draft(): Draft {
    return this.#state.history.present;
  }

  /** Version of the automation's row that the draft goes by. */
  get version(): number {
    return this.#saved.version;
  }

  /** Changes the draft; changes one after another with the same `about` are taken back together. */
  readonly change = (edit: (draft: Draft) => Draft, about?: string) =>
    this.#move(record(this.#state.history, edit(this.draft), about));
  readonly undo = () => this.#move(undo(this.#state.history));
  readonly redo = () => this.#move(redo(this.#state.history));

  /** Saves now what is not saved yet. Returns when nothing is left, or throws what keeps it from being saved. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#save?.catch(() => {});
    if (this.#isDirty()) await this.#saveNow();
  }

  /** Takes in what the API has now. Returns true if the draft is another by that. */
  receive(present: SavedDraft): boolean {
    if (this.#save || present.version <= this.#saved.version) return false;
    if (canonicalJson(present.draft) === canonicalJson(this.#saved.draft)) {
      // Something else of the row has changed, such as its status.
      this.#saved = present;
      return false;
    }
    if (this.#isDirty()) {
      clearTimeout(this.#timer);
      this.#theirs = present;
      this.#set({ saving: 'conflict' });
      return false;
    }
    this.#adopt(present);
    return true;
  }

  /** Of a conflict: what the others saved counts. What was here can be had back by undoing. */
  takeTheirs(): void {
    if (this.#theirs) this.#adopt(this.#theirs);
  }

  /** Of a conflict: what is here counts, and is saved over theirs. */
  keepMine(): void {
    if (!this.#theirs) return;
    this.#saved = this.#theirs;
    this.#theirs = undefined;
    void this.#saveNow().catch(() => {});
  }

  /** The row has another version by an act of one's own, such as publishing. */
  noteVersion(version: number): void {
    this.#saved = { ...this.#saved, version: Math.max(version, this.#saved.version) };
  }

  #adopt(present: SavedDraft): void {
    this.#saved = present;
    this.#theirs = undefined;
    this.#set({ history: record(this.#state.history, present.draft), saving: 'saved' });
  }

  #move(history: DraftHistory): void {
    if (history === this.#state.history) return;
    this.#set({ history });
    if (this.#state.saving === 'conflict') return;
    this.#set({ saving: this.#save ? 'saving' : 'unsaved' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#saveNow().catch(() => {}), restMs);
  }

  #isDirty(): boolean {
    return canonicalJson(this.draft) !== canonicalJson(this.#saved.draft);
  }

  #saveNow(): Promise<void> {
    this.#save ??= this.#saveAll().finally(() => {
      this.#save = undefined;
    });
    return this.#save;
  }

  async #saveAll(): Promise<void> {
    try {
      while (this.#isDirty()) {
        this.#set({ saving: 'saving' });
        await this.#saveOnce();
      }
      this.#set({ saving: 'saved', error: undefined });
    } catch (error) {
      this.#set({ saving: this.#theirs ? 'conflict' : 'failed', error });
      throw error;
    }
  }

  async #saveOnce(): Promise<void> {
    try {
      this.#saved = await this.#source.save(this.draft, this.#saved.version);
    } catch (error) {
      if (toApiError(error).code !== 'conflict') throw error;
      const present = await this.#source.read();
      const isSameDraft = canonicalJson(present.draft) === canonicalJson(this.#saved.draft);
      if (isSameDraft) {
        this.#saved = present;
        return;
      }
      this.#theirs = present;
      throw error;
    }
  }

  get theirs(): SavedDraft | undefined {
    return this.#theirs;
  }

  #set(changes: Partial<DraftState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
