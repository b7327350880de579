import type { ApprovalPolicy } from '#core/agents/definition.js';
import type { FlagName } from '#core/flags.js';

/** Who calls, as the edge established it from a credential. Nothing in it comes from the caller's own input. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'user'; orgId: string; userId: string; sessionId: string; via?: undefined }
  | { kind: 'user'; orgId: string; userId: string; sessionId?: undefined; via: Via }
  | { kind: 'api_key'; orgId: string; keyId: string; userId: string; scopes: readonly string[] }
  | {
      /** An organization's identity provider, which keeps people and groups in step. */
      kind: 'scim';
      orgId: string;
      tokenId: string;
      /** Who made the token. */
      userId: string;
    }
  | {
      /** A super-user of the platform, let in by an organization to help. */
      kind: 'support';
      orgId: string;
      userId: string;
      visitId: string;
    }
  | {
      kind: 'automation';
      orgId: string;
      automationId: string;
      grantId: string;
      runId: string;
      /** Of the run; where it is given, nothing may be begun for a run that has ended or got on to a later one. */
      attempt?: number;
      /** How many automations stand between this call and the outside event that began the chain. */
      depth: number;
      /** The step that calls. */
      step?: StepPlace;
    }
  | {
      kind: 'agent';
      orgId: string;
      agentId: string;
      /** Of the run's version. */
      grantId: string;
      runId: string;
      /** On whose behalf. */
      userId: string;
      /** How many agents stand before it. */
      depth: number;
      /** When a person is to approve the action that it calls. */
      approval: ApprovalPolicy;
      /** Approval of this very call, which a person has been asked for. */
      approvalId?: string;
    };

/** A way in that is not signing in: a link that was mailed to the person, or one to an archive that they asked for. */
export type Via = 'mail_link' | 'download_link';

/** A step of a run: its node, and the pass through the loops around it. */
export interface StepPlace {
  nodeId: string;
  iteration: string;
}

/** The session of a person who has signed in, while it lasts. */
export interface ActiveSession {
  id: string;
  /** Its person has proven who they are within the last ten minutes. */
  isRecent: boolean;
  /** Not only an organization's identity provider has vouched for them. */
  isOwnProof: boolean;
  /** A second factor, or a passkey, is among what they have shown. */
  hasSecondFactor: boolean;
}

/** What an organization has granted to support. */
export interface SupportRights {
  grantId: string;
  visitId: string;
  isReadOnly: boolean;
}

/** A caller whose rights have been looked up now. */
export interface Actor {
  orgId: string;
  /** `super_user`: acts for the platform. `support`: the same person, let in. `operator`: whoever runs the programs of the host. */
  kind: 'user' | 'api_key' | 'automation' | 'agent' | 'scim' | 'super_user' | 'support' | 'operator';
  /** Id of the user, key, automation, agent or SCIM token. */
  id: string;
  /** The person whose rights bound everything: the user, the key's or the grant's subject; who made a SCIM token or let support in. */
  userId: string;
  /** Key of the person's role now. */
  role?: string;
  /** What is switched off in the organization, or not in its plan. */
  off?: readonly FlagName[];
  /** Permissions of the person's role now. */
  permissions: readonly string[];
  /** Scopes of the key or grant, which narrow the permissions; null for a person. */
  scopes: readonly string[] | null;
  runId: string | null;
  /** Of an automation: its run has ended, or got on to a later attempt. */
  isRunOver?: boolean;
  depth: number;
  /** Of an automation: the step that calls. */
  step?: StepPlace;
  /** Of a person who has not signed in; of a super-user that it is for the platform, of support by which grant. */
  via?: Via | 'platform' | `support_grant:${string}`;
  /** Signed in to the platform, as one of its super-users. */
  isSuperUser?: boolean;
  /** Of support. */
  support?: SupportRights;
  /** Of a person who has. */
  session?: ActiveSession;
  /** Of an agent: when the call needs a person's consent, and whether it has it. */
  consent?: { policy: ApprovalPolicy; isGiven: boolean };
}
