CREATE TABLE "agent_access" (
	"org_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_access_org_id_agent_id_kind_subject_id_pk" PRIMARY KEY("org_id","agent_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "agent_memories" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"scope" text NOT NULL,
	"agent_id" uuid,
	"user_id" uuid,
	"text" text NOT NULL,
	"created_by" uuid NOT NULL,
	"updated_by" uuid NOT NULL,
	"written_by_agent_id" uuid,
	"run_id" uuid,
	"message" integer,
	"is_tainted" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "agent_memories_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "agent_memories_scope" CHECK ((scope = 'agent') = (agent_id is not null) and (scope = 'user') = (user_id is not null))
);
--> statement-breakpoint
CREATE TABLE "agent_messages" (
	"org_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"role" text NOT NULL,
	"content" jsonb NOT NULL,
	"user_id" uuid,
	"step" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_messages_org_id_run_id_number_pk" PRIMARY KEY("org_id","run_id","number")
);
--> statement-breakpoint
CREATE TABLE "agent_runs" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"agent_id" uuid NOT NULL,
	"agent_version" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"is_task" boolean DEFAULT false NOT NULL,
	"parent_run_id" uuid,
	"parent_step" integer,
	"depth" integer DEFAULT 0 NOT NULL,
	"is_tainted" boolean DEFAULT false NOT NULL,
	"last_message" integer DEFAULT 0 NOT NULL,
	"last_step" integer DEFAULT 0 NOT NULL,
	"turn_model_calls" integer DEFAULT 0 NOT NULL,
	"turn_tool_calls" integer DEFAULT 0 NOT NULL,
	"turn_started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"wakes" integer DEFAULT 1 NOT NULL,
	"wakes_taken" integer DEFAULT 0 NOT NULL,
	"cancel_requested_at" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"result" jsonb,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"active_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "agent_runs_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "agent_steps" (
	"org_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"tool" text,
	"tool_call_id" text,
	"model_step" integer,
	"action" text,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"waits_for" text,
	"waits_until" timestamp with time zone,
	"seen_message" integer,
	"call_id" uuid,
	"cost" bigint DEFAULT 0 NOT NULL,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "agent_steps_org_id_run_id_number_pk" PRIMARY KEY("org_id","run_id","number")
);
--> statement-breakpoint
CREATE TABLE "agent_versions" (
	"org_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"hash" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"published_by" uuid NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_versions_org_id_agent_id_version_pk" PRIMARY KEY("org_id","agent_id","version")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"avatar" text DEFAULT '🤖' NOT NULL,
	"department_id" uuid,
	"status" text DEFAULT 'draft' NOT NULL,
	"draft" jsonb NOT NULL,
	"published_version" integer,
	"owner_id" uuid NOT NULL,
	"updated_by" uuid NOT NULL,
	"is_restricted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "agents_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "ai_budgets" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"subject_id" uuid,
	"period" text NOT NULL,
	"limit_minor" bigint NOT NULL,
	CONSTRAINT "ai_budgets_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "ai_budgets_limit" CHECK (limit_minor >= 0)
);
--> statement-breakpoint
CREATE TABLE "ai_calls" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"principal_kind" text NOT NULL,
	"principal_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"department_id" uuid,
	"agent_id" uuid,
	"agent_version" integer,
	"run_id" uuid,
	"step" text,
	"purpose" text NOT NULL,
	"operation" text NOT NULL,
	"provider" text NOT NULL,
	"connection_id" uuid,
	"model" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"prompt" jsonb,
	"reply" jsonb,
	"input_tokens" integer NOT NULL,
	"cached_input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"is_estimated" boolean NOT NULL,
	"price" jsonb NOT NULL,
	"cost" bigint NOT NULL,
	"latency_ms" integer NOT NULL,
	"first_token_ms" integer,
	"outcome" text NOT NULL,
	CONSTRAINT "ai_calls_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "ai_closed_usage" (
	"org_id" uuid PRIMARY KEY NOT NULL,
	"before" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ai_daily_usage" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"day" date NOT NULL,
	"principal_kind" text NOT NULL,
	"principal_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"department_id" uuid,
	"agent_id" uuid,
	"purpose" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"calls" integer NOT NULL,
	"failures" integer NOT NULL,
	"input_tokens" bigint NOT NULL,
	"cached_input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"cost" bigint NOT NULL,
	CONSTRAINT "ai_daily_usage_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "ai_model_choices" (
	"org_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"rank" smallint NOT NULL,
	"connection_id" uuid,
	"model" text NOT NULL,
	CONSTRAINT "ai_model_choices_org_id_purpose_rank_pk" PRIMARY KEY("org_id","purpose","rank")
);
--> statement-breakpoint
CREATE TABLE "ai_models" (
	"org_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"title" text NOT NULL,
	"context_tokens" integer NOT NULL,
	"max_output_tokens" integer NOT NULL,
	"abilities" text[] NOT NULL,
	"price" jsonb NOT NULL,
	"updated_by" uuid NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ai_models_org_id_provider_model_pk" PRIMARY KEY("org_id","provider","model")
);
--> statement-breakpoint
CREATE TABLE "ai_reservations" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"lane" text NOT NULL,
	"amount" bigint NOT NULL,
	"budget_ids" uuid[] NOT NULL,
	"subject_ids" uuid[] NOT NULL,
	"period_starts" date[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ai_reservations_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "ai_settings" (
	"org_id" uuid PRIMARY KEY NOT NULL,
	"content_policy" text DEFAULT 'masked' NOT NULL,
	"allows_demo" boolean DEFAULT true NOT NULL,
	"agents_stopped_at" timestamp with time zone,
	"agents_stopped_by" uuid
);
--> statement-breakpoint
CREATE TABLE "ai_spending" (
	"org_id" uuid NOT NULL,
	"budget_id" uuid NOT NULL,
	"subject_id" uuid NOT NULL,
	"period_start" date NOT NULL,
	"spent" bigint DEFAULT 0 NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"warned_at" timestamp with time zone,
	CONSTRAINT "ai_spending_org_id_budget_id_subject_id_period_start_pk" PRIMARY KEY("org_id","budget_id","subject_id","period_start"),
	CONSTRAINT "ai_spending_sums" CHECK (spent >= 0 and reserved >= 0)
);
--> statement-breakpoint
CREATE TABLE "audit_archives" (
	"org_id" uuid NOT NULL,
	"first_position" bigint NOT NULL,
	"last_position" bigint NOT NULL,
	"chain_end" text NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_archives_org_id_last_position_pk" PRIMARY KEY("org_id","last_position")
);
--> statement-breakpoint
CREATE TABLE "audit_chain" (
	"org_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"audit_id" uuid NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_chain_org_id_position_pk" PRIMARY KEY("org_id","position"),
	CONSTRAINT "audit_chain_org_id_audit_id_unique" UNIQUE("org_id","audit_id")
);
--> statement-breakpoint
CREATE TABLE "audit_details" (
	"org_id" uuid NOT NULL,
	"audit_id" uuid NOT NULL,
	"salt" text,
	"content" text,
	"erased_at" timestamp with time zone,
	CONSTRAINT "audit_details_org_id_audit_id_pk" PRIMARY KEY("org_id","audit_id")
);
--> statement-breakpoint
CREATE TABLE "audit_exports" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"requested_by" uuid NOT NULL,
	"format" text NOT NULL,
	"filter" jsonb NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"entries" integer DEFAULT 0 NOT NULL,
	"last_id" uuid,
	"parts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "audit_exports_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"principal_kind" text NOT NULL,
	"principal_id" uuid NOT NULL,
	"on_behalf_of" uuid,
	"session_id" uuid,
	"action" text NOT NULL,
	"target_id" text,
	"request_id" text,
	"run_id" uuid,
	"via" text,
	"details_hash" text,
	CONSTRAINT "audit_log_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"org_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"first_position" bigint NOT NULL,
	"last_position" bigint NOT NULL,
	"chain_end" text NOT NULL,
	"horizon" "xid8" NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_seals_org_id_number_pk" PRIMARY KEY("org_id","number")
);
--> statement-breakpoint
CREATE TABLE "security_events" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"kind" text NOT NULL,
	"user_id" uuid,
	"principal_kind" text,
	"principal_id" uuid,
	"ip" text,
	"user_agent" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"bucket" text,
	"count" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "security_events_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "security_events_org_id_bucket_unique" UNIQUE("org_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "automation_drafts" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"draft" jsonb NOT NULL,
	"replaced_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "automation_drafts_org_id_automation_id_number_pk" PRIMARY KEY("org_id","automation_id","number")
);
--> statement-breakpoint
CREATE TABLE "automation_versions" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"plan" jsonb NOT NULL,
	"hash" text NOT NULL,
	"is_light" boolean NOT NULL,
	"grant_id" uuid NOT NULL,
	"published_by" uuid NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "automation_versions_org_id_automation_id_version_pk" PRIMARY KEY("org_id","automation_id","version")
);
--> statement-breakpoint
CREATE TABLE "automations" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"draft" jsonb NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"published_version" integer,
	"owner_id" uuid NOT NULL,
	"updated_by" uuid NOT NULL,
	"trigger_error" jsonb,
	"hook_key" text NOT NULL,
	CONSTRAINT "automations_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "automations_org_id_hook_key_unique" UNIQUE("org_id","hook_key")
);
--> statement-breakpoint
CREATE TABLE "listeners" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"topic" text NOT NULL,
	"hook_key" text DEFAULT '' NOT NULL,
	"path" text,
	CONSTRAINT "listeners_org_id_automation_id_pk" PRIMARY KEY("org_id","automation_id"),
	CONSTRAINT "listeners_org_id_path_unique" UNIQUE("org_id","path")
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"watched" text NOT NULL,
	"cursor" jsonb,
	"last_polled_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"next_poll_at" timestamp with time zone,
	CONSTRAINT "polls_org_id_automation_id_pk" PRIMARY KEY("org_id","automation_id")
);
--> statement-breakpoint
CREATE TABLE "run_step_attempts" (
	"org_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"iteration" text NOT NULL,
	"run_attempt" integer NOT NULL,
	"attempt" integer NOT NULL,
	"status" text NOT NULL,
	"error" jsonb,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	CONSTRAINT "run_step_attempts_org_id_run_id_node_id_iteration_run_attempt_attempt_pk" PRIMARY KEY("org_id","run_id","node_id","iteration","run_attempt","attempt")
);
--> statement-breakpoint
CREATE TABLE "run_steps" (
	"org_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"iteration" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"attempts" integer DEFAULT 1 NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "run_steps_org_id_run_id_node_id_iteration_pk" PRIMARY KEY("org_id","run_id","node_id","iteration")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"automation_id" uuid NOT NULL,
	"automation_version" integer NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"source_kind" text NOT NULL,
	"source_id" uuid NOT NULL,
	"input" jsonb,
	"workflow_id" text NOT NULL,
	"depth" integer DEFAULT 0 NOT NULL,
	"is_test" boolean DEFAULT false NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"rerun_of" uuid,
	"parent_run_id" uuid,
	"parent_node_id" text,
	"parent_iteration" text,
	"failed_run_id" uuid,
	"result" jsonb,
	"answer" jsonb,
	"error" jsonb,
	"held_for" text,
	"held_at" timestamp with time zone,
	"held_until" timestamp with time zone,
	"line" text,
	"throttle_key" text,
	"debounce_key" text,
	"released_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"terminated_at" timestamp with time zone,
	CONSTRAINT "runs_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "runs_org_id_automation_id_source_kind_source_id_unique" UNIQUE("org_id","automation_id","source_kind","source_id")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"revised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"applied" integer DEFAULT 0 NOT NULL,
	"busy_until" timestamp with time zone,
	"planned_until" timestamp with time zone,
	CONSTRAINT "schedules_org_id_automation_id_pk" PRIMARY KEY("org_id","automation_id")
);
--> statement-breakpoint
CREATE TABLE "variables" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"value" jsonb,
	"description" text DEFAULT '' NOT NULL,
	"updated_by" uuid NOT NULL,
	CONSTRAINT "variables_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "dispatch_queue" (
	"org_id" uuid NOT NULL,
	"sequence" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dispatch_queue_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"source_id" uuid NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_id" uuid,
	"depth" integer DEFAULT 0 NOT NULL,
	"support_grant_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"org_id" uuid NOT NULL,
	"principal" text NOT NULL,
	"key" text NOT NULL,
	"action" text NOT NULL,
	"input_hash" text NOT NULL,
	"is_finished" boolean DEFAULT false NOT NULL,
	"output" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"locked_until" timestamp with time zone,
	CONSTRAINT "idempotency_keys_org_id_principal_key_pk" PRIMARY KEY("org_id","principal","key")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"user_id" uuid NOT NULL,
	"allowed_networks" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"last_used_ip" text,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"rotated_at" timestamp with time zone,
	"previous_prefix" text,
	"previous_hash" text,
	"previous_until" timestamp with time zone,
	CONSTRAINT "api_keys_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "api_keys_org_id_hash_unique" UNIQUE("org_id","hash")
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"principal_kind" text NOT NULL,
	"principal_id" uuid NOT NULL,
	"on_behalf_of" uuid NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "grants_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"role_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"manager_id" uuid,
	"removed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "members_org_id_user_id_unique" UNIQUE("org_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"slug" "citext" NOT NULL,
	"api_key_max_days" integer,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"working_hours" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"holidays" text[] DEFAULT '{}' NOT NULL,
	"logo_sha256" text,
	"plan" text DEFAULT 'free' NOT NULL,
	"erase_at" timestamp with time zone,
	"suspended_at" timestamp with time zone,
	"suspension_reason" text,
	"alert_kinds" text[],
	"alert_user_ids" uuid[],
	"alerts_per_hour" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "organizations_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"permissions" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "roles_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "roles_org_id_key_unique" UNIQUE("org_id","key")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"email" "citext" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"email_verified_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"connector" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"secret" text,
	"status" text DEFAULT 'active' NOT NULL,
	"hook_key" text NOT NULL,
	CONSTRAINT "connections_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "connections_org_id_hook_key_unique" UNIQUE("org_id","hook_key")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"provider" text NOT NULL,
	"external_id" text NOT NULL,
	"hook_key" text NOT NULL,
	"triggers" text[] NOT NULL,
	"payload" jsonb,
	"payload_sha256" text,
	"payload_size" integer NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"dispatched_at" timestamp with time zone,
	"run_count" integer DEFAULT 0 NOT NULL,
	"replay_of" uuid,
	CONSTRAINT "deliveries_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "deliveries_org_id_provider_hook_key_external_id_unique" UNIQUE("org_id","provider","hook_key","external_id")
);
--> statement-breakpoint
CREATE TABLE "stored_objects" (
	"org_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" integer NOT NULL,
	"content_type" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"masked_at" timestamp with time zone,
	"last_put_at" timestamp with time zone DEFAULT now() NOT NULL,
	"mentions" text[] DEFAULT '{}' NOT NULL,
	"mentioned_at" timestamp with time zone,
	"unused_since" timestamp with time zone,
	"removed_at" timestamp with time zone,
	CONSTRAINT "stored_objects_org_id_sha256_pk" PRIMARY KEY("org_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "failure_notices" (
	"org_id" uuid NOT NULL,
	"automation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"code" text NOT NULL,
	"failed_at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"more" integer DEFAULT 0 NOT NULL,
	"digest_at" timestamp with time zone,
	CONSTRAINT "failure_notices_org_id_automation_id_pk" PRIMARY KEY("org_id","automation_id")
);
--> statement-breakpoint
CREATE TABLE "outgoing_mails" (
	"org_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"body" text,
	"dedupe_key" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"busy_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"failed_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "outgoing_mails_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "outgoing_mails_org_id_dedupe_key_unique" UNIQUE("org_id","dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"org_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"in_app" boolean NOT NULL,
	"by_mail" boolean NOT NULL,
	CONSTRAINT "notification_preferences_org_id_user_id_kind_pk" PRIMARY KEY("org_id","user_id","kind")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"title" text NOT NULL,
	"path" text NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"event_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "notifications_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "department_members" (
	"org_id" uuid NOT NULL,
	"department_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"is_primary" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "department_members_org_id_department_id_user_id_pk" PRIMARY KEY("org_id","department_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"parent_id" uuid,
	"head_id" uuid,
	CONSTRAINT "departments_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "erased_organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invites" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"kind" text NOT NULL,
	"email" "citext",
	"role_id" uuid NOT NULL,
	"department_id" uuid,
	"secret_hash" text NOT NULL,
	"hint" text DEFAULT '' NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"max_uses" integer DEFAULT 1 NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"issued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"issue" integer DEFAULT 1 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invites_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "organization_domains" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"domain" text NOT NULL,
	"challenge" text NOT NULL,
	"verified_at" timestamp with time zone,
	"join_role_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "organization_domains_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "organization_domains_org_id_domain_unique" UNIQUE("org_id","domain")
);
--> statement-breakpoint
CREATE TABLE "organization_flags" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"is_on" boolean NOT NULL,
	CONSTRAINT "organization_flags_org_id_name_pk" PRIMARY KEY("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "platform_flags" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"is_on" boolean NOT NULL,
	CONSTRAINT "platform_flags_org_id_name_pk" PRIMARY KEY("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "super_users" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"added_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "support_grants" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"reason" text NOT NULL,
	"role_id" uuid,
	"granted_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" uuid,
	CONSTRAINT "support_grants_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "support_visits" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"grant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"platform_session_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "support_visits_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"text_version" text NOT NULL,
	"source" text NOT NULL,
	"recorded_by" uuid NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" uuid,
	CONSTRAINT "consents_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "data_exports" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"subject" text NOT NULL,
	"subject_id" uuid,
	"requested_by" uuid NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"tables_done" integer DEFAULT 0 NOT NULL,
	"tables_total" integer DEFAULT 0 NOT NULL,
	"row_count" bigint DEFAULT 0 NOT NULL,
	"size" bigint,
	"sha256" text,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "data_exports_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"subject_id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"account_erasure_id" uuid,
	"includes_name" boolean NOT NULL,
	"status" text DEFAULT 'scheduled' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"marks" text,
	"email_hash" text,
	"rounds" integer DEFAULT 0 NOT NULL,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"leftovers" jsonb,
	CONSTRAINT "erasures_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "retention_periods" (
	"org_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"days" integer NOT NULL,
	CONSTRAINT "retention_periods_org_id_kind_pk" PRIMARY KEY("org_id","kind")
);
--> statement-breakpoint
CREATE TABLE "public_calls" (
	"slot" text PRIMARY KEY NOT NULL,
	"result" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"locked_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_rotations" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"key_id" text NOT NULL,
	"requested_by" uuid,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"resealed" integer DEFAULT 0 NOT NULL,
	"unreadable" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "vault_rotations_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "quota_limits" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"max" bigint,
	CONSTRAINT "quota_limits_org_id_name_pk" PRIMARY KEY("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "quota_notices" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"month" date NOT NULL,
	CONSTRAINT "quota_notices_org_id_name_month_pk" PRIMARY KEY("org_id","name","month")
);
--> statement-breakpoint
CREATE TABLE "usage_counts" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"month" date NOT NULL,
	"slot" smallint NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "usage_counts_org_id_name_month_slot_pk" PRIMARY KEY("org_id","name","month","slot"),
	CONSTRAINT "usage_counts_used" CHECK (used >= 0)
);
--> statement-breakpoint
CREATE TABLE "email_tokens" (
	"user_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"purpose" text NOT NULL,
	"hash" text NOT NULL,
	"email" "citext" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "email_tokens_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "known_devices" (
	"user_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "known_devices_user_id_hash_pk" PRIMARY KEY("user_id","hash")
);
--> statement-breakpoint
CREATE TABLE "log_ins" (
	"user_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"outcome" text NOT NULL,
	"methods" text[] NOT NULL,
	"organization_id" uuid,
	"ip" text,
	"network" text,
	"user_agent" text,
	"is_new_device" boolean DEFAULT false NOT NULL,
	CONSTRAINT "log_ins_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"user_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"is_backed_up" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "passkeys_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"user_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "recovery_codes_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "recovery_codes_user_id_hash_unique" UNIQUE("user_id","hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"secret_hash" text NOT NULL,
	"previous_hash" text,
	"rotated_at" timestamp with time zone,
	"rotations" integer DEFAULT 0 NOT NULL,
	"methods" text[] NOT NULL,
	"ip" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"authenticated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"idle_until" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoke_reason" text,
	CONSTRAINT "sessions_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_challenges" (
	"user_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"purpose" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "sign_in_challenges_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_rules" (
	"org_id" uuid PRIMARY KEY NOT NULL,
	"idle_minutes" integer NOT NULL,
	"absolute_hours" integer NOT NULL,
	"needs_second_factor" boolean NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "throttles" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"blocked_until" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "totp_secrets" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scim_group_members" (
	"org_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scim_group_members_org_id_group_id_user_id_pk" PRIMARY KEY("org_id","group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "scim_groups" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"display_name" "citext" NOT NULL,
	"external_id" text,
	"role_id" uuid,
	"priority" integer DEFAULT 100 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scim_groups_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "scim_groups_org_id_display_name_unique" UNIQUE("org_id","display_name")
);
--> statement-breakpoint
CREATE TABLE "scim_tokens" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "scim_tokens_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "scim_users" (
	"org_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"user_name" "citext" NOT NULL,
	"external_id" text,
	"attributes" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "scim_users_org_id_user_id_pk" PRIMARY KEY("org_id","user_id"),
	CONSTRAINT "scim_users_org_id_user_name_unique" UNIQUE("org_id","user_name")
);
--> statement-breakpoint
CREATE TABLE "sign_in_states" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"browser_hash" text NOT NULL,
	"provider" text,
	"connection_org_id" uuid,
	"connection_id" uuid,
	"linking_user_id" uuid,
	"linking_org_id" uuid,
	"proven_user_id" uuid,
	"request_id" text,
	"return_to" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sso_connections" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text,
	"secret" text,
	"scopes" text[] NOT NULL,
	"sso_url" text,
	"certificates" text[] NOT NULL,
	"domains" text[] NOT NULL,
	"default_role_id" uuid NOT NULL,
	"role_claim" text NOT NULL,
	"role_mapping" jsonb NOT NULL,
	"creates_members" boolean NOT NULL,
	"updates_roles" boolean NOT NULL,
	"is_enforced" boolean NOT NULL,
	"is_active" boolean NOT NULL,
	CONSTRAINT "sso_connections_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "sso_identities" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sso_identities_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "sso_identities_org_id_connection_id_subject_unique" UNIQUE("org_id","connection_id","subject")
);
--> statement-breakpoint
CREATE TABLE "used_assertions" (
	"org_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"assertion_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_assertions_org_id_connection_id_assertion_id_pk" PRIMARY KEY("org_id","connection_id","assertion_id")
);
--> statement-breakpoint
CREATE TABLE "user_identities" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" uuid NOT NULL,
	"email" "citext" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_identities_provider_subject_unique" UNIQUE("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "waits" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"run_id" uuid,
	"agent_run_id" uuid,
	"node_id" text NOT NULL,
	"iteration" text NOT NULL,
	"attempt" integer NOT NULL,
	"workflow_id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"topic" text,
	"match" jsonb,
	"request" jsonb,
	"votes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"answer" jsonb,
	"reminders_sent" integer DEFAULT 0 NOT NULL,
	"escalated_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"taken_at" timestamp with time zone,
	CONSTRAINT "waits_org_id_id_pk" PRIMARY KEY("org_id","id"),
	CONSTRAINT "waits_org_id_run_id_node_id_iteration_attempt_unique" UNIQUE("org_id","run_id","node_id","iteration","attempt"),
	CONSTRAINT "waits_of_one" CHECK (num_nonnulls(run_id, agent_run_id) = 1)
);
--> statement-breakpoint
CREATE TABLE "project_members" (
	"org_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "project_members_org_id_project_id_user_id_pk" PRIMARY KEY("org_id","project_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"visibility" text DEFAULT 'organization' NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', description), 'B')) STORED,
	CONSTRAINT "projects_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "task_views" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"owner_id" uuid NOT NULL,
	"project_id" uuid,
	"name" text NOT NULL,
	"is_shared" boolean DEFAULT false NOT NULL,
	"settings" jsonb NOT NULL,
	CONSTRAINT "task_views_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"org_id" uuid NOT NULL,
	"id" uuid DEFAULT uuidv7() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"project_id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'todo' NOT NULL,
	"priority" text DEFAULT 'none' NOT NULL,
	"assignee_id" uuid,
	"due_date" date,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"rank" text DEFAULT 'a0' NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'B')) STORED,
	CONSTRAINT "tasks_org_id_id_pk" PRIMARY KEY("org_id","id")
);
--> statement-breakpoint
ALTER TABLE "agent_access" ADD CONSTRAINT "agent_access_org_id_agent_id_agents_org_id_id_fk" FOREIGN KEY ("org_id","agent_id") REFERENCES "public"."agents"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_memories" ADD CONSTRAINT "agent_memories_org_id_agent_id_agents_org_id_id_fk" FOREIGN KEY ("org_id","agent_id") REFERENCES "public"."agents"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_memories" ADD CONSTRAINT "agent_memories_org_id_written_by_agent_id_agents_org_id_id_fk" FOREIGN KEY ("org_id","written_by_agent_id") REFERENCES "public"."agents"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_memories" ADD CONSTRAINT "agent_memories_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_messages" ADD CONSTRAINT "agent_messages_org_id_run_id_agent_runs_org_id_id_fk" FOREIGN KEY ("org_id","run_id") REFERENCES "public"."agent_runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_runs" ADD CONSTRAINT "agent_runs_org_id_agent_id_agent_version_agent_versions_org_id_agent_id_version_fk" FOREIGN KEY ("org_id","agent_id","agent_version") REFERENCES "public"."agent_versions"("org_id","agent_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_runs" ADD CONSTRAINT "agent_runs_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_runs" ADD CONSTRAINT "agent_runs_org_id_parent_run_id_agent_runs_org_id_id_fk" FOREIGN KEY ("org_id","parent_run_id") REFERENCES "public"."agent_runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_steps" ADD CONSTRAINT "agent_steps_org_id_run_id_agent_runs_org_id_id_fk" FOREIGN KEY ("org_id","run_id") REFERENCES "public"."agent_runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_org_id_agent_id_agents_org_id_id_fk" FOREIGN KEY ("org_id","agent_id") REFERENCES "public"."agents"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_org_id_grant_id_grants_org_id_id_fk" FOREIGN KEY ("org_id","grant_id") REFERENCES "public"."grants"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_org_id_department_id_departments_org_id_id_fk" FOREIGN KEY ("org_id","department_id") REFERENCES "public"."departments"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_budgets" ADD CONSTRAINT "ai_budgets_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_calls" ADD CONSTRAINT "ai_calls_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_calls" ADD CONSTRAINT "ai_calls_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_closed_usage" ADD CONSTRAINT "ai_closed_usage_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_daily_usage" ADD CONSTRAINT "ai_daily_usage_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_model_choices" ADD CONSTRAINT "ai_model_choices_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_model_choices" ADD CONSTRAINT "ai_model_choices_org_id_connection_id_connections_org_id_id_fk" FOREIGN KEY ("org_id","connection_id") REFERENCES "public"."connections"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_models" ADD CONSTRAINT "ai_models_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_reservations" ADD CONSTRAINT "ai_reservations_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_settings" ADD CONSTRAINT "ai_settings_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_spending" ADD CONSTRAINT "ai_spending_org_id_budget_id_ai_budgets_org_id_id_fk" FOREIGN KEY ("org_id","budget_id") REFERENCES "public"."ai_budgets"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_archives" ADD CONSTRAINT "audit_archives_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_archives" ADD CONSTRAINT "audit_archives_org_id_sha256_stored_objects_org_id_sha256_fk" FOREIGN KEY ("org_id","sha256") REFERENCES "public"."stored_objects"("org_id","sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_chain" ADD CONSTRAINT "audit_chain_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_details" ADD CONSTRAINT "audit_details_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_exports" ADD CONSTRAINT "audit_exports_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "security_events" ADD CONSTRAINT "security_events_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_drafts" ADD CONSTRAINT "automation_drafts_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_versions" ADD CONSTRAINT "automation_versions_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_versions" ADD CONSTRAINT "automation_versions_org_id_grant_id_grants_org_id_id_fk" FOREIGN KEY ("org_id","grant_id") REFERENCES "public"."grants"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automations" ADD CONSTRAINT "automations_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listeners" ADD CONSTRAINT "listeners_org_id_automation_id_version_automation_versions_org_id_automation_id_version_fk" FOREIGN KEY ("org_id","automation_id","version") REFERENCES "public"."automation_versions"("org_id","automation_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_step_attempts" ADD CONSTRAINT "run_step_attempts_org_id_run_id_runs_org_id_id_fk" FOREIGN KEY ("org_id","run_id") REFERENCES "public"."runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_steps" ADD CONSTRAINT "run_steps_org_id_run_id_runs_org_id_id_fk" FOREIGN KEY ("org_id","run_id") REFERENCES "public"."runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_org_id_automation_id_automation_version_automation_versions_org_id_automation_id_version_fk" FOREIGN KEY ("org_id","automation_id","automation_version") REFERENCES "public"."automation_versions"("org_id","automation_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_org_id_parent_run_id_runs_org_id_id_fk" FOREIGN KEY ("org_id","parent_run_id") REFERENCES "public"."runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_org_id_failed_run_id_runs_org_id_id_fk" FOREIGN KEY ("org_id","failed_run_id") REFERENCES "public"."runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variables" ADD CONSTRAINT "variables_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispatch_queue" ADD CONSTRAINT "dispatch_queue_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_org_id_on_behalf_of_members_org_id_user_id_fk" FOREIGN KEY ("org_id","on_behalf_of") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_org_id_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_org_id_manager_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","manager_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_objects" ADD CONSTRAINT "stored_objects_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "failure_notices" ADD CONSTRAINT "failure_notices_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outgoing_mails" ADD CONSTRAINT "outgoing_mails_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_members" ADD CONSTRAINT "department_members_org_id_department_id_departments_org_id_id_fk" FOREIGN KEY ("org_id","department_id") REFERENCES "public"."departments"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_members" ADD CONSTRAINT "department_members_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_org_id_parent_id_departments_org_id_id_fk" FOREIGN KEY ("org_id","parent_id") REFERENCES "public"."departments"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_org_id_head_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","head_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_org_id_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_org_id_department_id_departments_org_id_id_fk" FOREIGN KEY ("org_id","department_id") REFERENCES "public"."departments"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_org_id_invited_by_members_org_id_user_id_fk" FOREIGN KEY ("org_id","invited_by") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_org_id_join_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","join_role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_flags" ADD CONSTRAINT "organization_flags_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_flags" ADD CONSTRAINT "platform_flags_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "super_users" ADD CONSTRAINT "super_users_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "super_users" ADD CONSTRAINT "super_users_added_by_users_id_fk" FOREIGN KEY ("added_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_grants" ADD CONSTRAINT "support_grants_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_grants" ADD CONSTRAINT "support_grants_org_id_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_grants" ADD CONSTRAINT "support_grants_org_id_granted_by_members_org_id_user_id_fk" FOREIGN KEY ("org_id","granted_by") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_visits" ADD CONSTRAINT "support_visits_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_visits" ADD CONSTRAINT "support_visits_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "support_visits" ADD CONSTRAINT "support_visits_org_id_grant_id_support_grants_org_id_id_fk" FOREIGN KEY ("org_id","grant_id") REFERENCES "public"."support_grants"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_periods" ADD CONSTRAINT "retention_periods_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_rotations" ADD CONSTRAINT "vault_rotations_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_rotations" ADD CONSTRAINT "vault_rotations_org_id_requested_by_members_org_id_user_id_fk" FOREIGN KEY ("org_id","requested_by") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_limits" ADD CONSTRAINT "quota_limits_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_notices" ADD CONSTRAINT "quota_notices_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_counts" ADD CONSTRAINT "usage_counts_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_tokens" ADD CONSTRAINT "email_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_ins" ADD CONSTRAINT "log_ins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_challenges" ADD CONSTRAINT "sign_in_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_rules" ADD CONSTRAINT "sign_in_rules_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "totp_secrets" ADD CONSTRAINT "totp_secrets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_org_id_group_id_scim_groups_org_id_id_fk" FOREIGN KEY ("org_id","group_id") REFERENCES "public"."scim_groups"("org_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_groups" ADD CONSTRAINT "scim_groups_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_groups" ADD CONSTRAINT "scim_groups_org_id_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_tokens" ADD CONSTRAINT "scim_tokens_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_tokens" ADD CONSTRAINT "scim_tokens_org_id_created_by_members_org_id_user_id_fk" FOREIGN KEY ("org_id","created_by") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_users" ADD CONSTRAINT "scim_users_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_users" ADD CONSTRAINT "scim_users_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_connections" ADD CONSTRAINT "sso_connections_org_id_default_role_id_roles_org_id_id_fk" FOREIGN KEY ("org_id","default_role_id") REFERENCES "public"."roles"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_org_id_connection_id_sso_connections_org_id_id_fk" FOREIGN KEY ("org_id","connection_id") REFERENCES "public"."sso_connections"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "used_assertions" ADD CONSTRAINT "used_assertions_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "used_assertions" ADD CONSTRAINT "used_assertions_org_id_connection_id_sso_connections_org_id_id_fk" FOREIGN KEY ("org_id","connection_id") REFERENCES "public"."sso_connections"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_identities" ADD CONSTRAINT "user_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waits" ADD CONSTRAINT "waits_org_id_run_id_runs_org_id_id_fk" FOREIGN KEY ("org_id","run_id") REFERENCES "public"."runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waits" ADD CONSTRAINT "waits_org_id_agent_run_id_agent_runs_org_id_id_fk" FOREIGN KEY ("org_id","agent_run_id") REFERENCES "public"."agent_runs"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_org_id_project_id_projects_org_id_id_fk" FOREIGN KEY ("org_id","project_id") REFERENCES "public"."projects"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_org_id_user_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","user_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_views" ADD CONSTRAINT "task_views_org_id_project_id_projects_org_id_id_fk" FOREIGN KEY ("org_id","project_id") REFERENCES "public"."projects"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_views" ADD CONSTRAINT "task_views_org_id_owner_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","owner_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_org_id_project_id_projects_org_id_id_fk" FOREIGN KEY ("org_id","project_id") REFERENCES "public"."projects"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_org_id_assignee_id_members_org_id_user_id_fk" FOREIGN KEY ("org_id","assignee_id") REFERENCES "public"."members"("org_id","user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_memories_org_id_scope_updated_at_index" ON "agent_memories" USING btree ("org_id","scope","updated_at");--> statement-breakpoint
CREATE INDEX "agent_memories_org_id_user_id_index" ON "agent_memories" USING btree ("org_id","user_id");--> statement-breakpoint
CREATE INDEX "agent_runs_org_id_agent_id_created_at_index" ON "agent_runs" USING btree ("org_id","agent_id","created_at");--> statement-breakpoint
CREATE INDEX "agent_runs_org_id_user_id_active_at_index" ON "agent_runs" USING btree ("org_id","user_id","active_at");--> statement-breakpoint
CREATE UNIQUE INDEX "agent_runs_org_id_parent_run_id_parent_step_index" ON "agent_runs" USING btree ("org_id","parent_run_id","parent_step") WHERE parent_run_id is not null;--> statement-breakpoint
CREATE INDEX "agent_steps_org_id_run_id_model_step_index" ON "agent_steps" USING btree ("org_id","run_id","model_step");--> statement-breakpoint
CREATE INDEX "agents_org_id_created_at_index" ON "agents" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "ai_budgets_org_id_created_at_index" ON "ai_budgets" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "ai_calls_org_id_created_at_index" ON "ai_calls" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "ai_calls_org_id_run_id_index" ON "ai_calls" USING btree ("org_id","run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "ai_calls_org_id_agent_id_created_at_index" ON "ai_calls" USING btree ("org_id","agent_id","created_at") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "ai_calls_org_id_user_id_created_at_index" ON "ai_calls" USING btree ("org_id","user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ai_daily_usage_day" ON "ai_daily_usage" USING btree ("org_id","day","principal_kind","principal_id","user_id","purpose","provider","model",coalesce(department_id::text, ''),coalesce(agent_id::text, ''));--> statement-breakpoint
CREATE INDEX "ai_daily_usage_org_id_day_index" ON "ai_daily_usage" USING btree ("org_id","day");--> statement-breakpoint
CREATE INDEX "ai_reservations_org_id_lane_expires_at_index" ON "ai_reservations" USING btree ("org_id","lane","expires_at");--> statement-breakpoint
CREATE INDEX "audit_archives_org_id_sha256_index" ON "audit_archives" USING btree ("org_id","sha256");--> statement-breakpoint
CREATE INDEX "audit_exports_org_id_status_expires_at_index" ON "audit_exports" USING btree ("org_id","status","expires_at");--> statement-breakpoint
CREATE INDEX "audit_log_org_id_transaction_id_id_index" ON "audit_log" USING btree ("org_id","transaction_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_org_id_target_id_id_index" ON "audit_log" USING btree ("org_id","target_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_org_id_run_id_id_index" ON "audit_log" USING btree ("org_id","run_id","id") WHERE run_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_log_transaction_id_org_id_index" ON "audit_log" USING btree ("transaction_id","org_id");--> statement-breakpoint
CREATE INDEX "security_events_org_id_kind_id_index" ON "security_events" USING btree ("org_id","kind","id");--> statement-breakpoint
CREATE INDEX "security_events_org_id_user_id_id_index" ON "security_events" USING btree ("org_id","user_id","id");--> statement-breakpoint
CREATE INDEX "security_events_org_id_created_at_index" ON "security_events" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "automations_org_id_created_at_index" ON "automations" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "listeners_org_id_topic_hook_key_index" ON "listeners" USING btree ("org_id","topic","hook_key");--> statement-breakpoint
CREATE INDEX "runs_org_id_automation_id_created_at_index" ON "runs" USING btree ("org_id","automation_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_org_id_created_at_index" ON "runs" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_org_id_automation_id_finished_at_index" ON "runs" USING btree ("org_id","automation_id","finished_at") WHERE status = 'succeeded';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_org_id_parent_run_id_parent_node_id_parent_iteration_index" ON "runs" USING btree ("org_id","parent_run_id","parent_node_id","parent_iteration") WHERE parent_run_id is not null;--> statement-breakpoint
CREATE INDEX "runs_org_id_finished_at_index" ON "runs" USING btree ("org_id","finished_at") WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX "runs_org_id_failed_run_id_index" ON "runs" USING btree ("org_id","failed_run_id") WHERE failed_run_id is not null;--> statement-breakpoint
CREATE INDEX "runs_org_id_source_id_index" ON "runs" USING btree ("org_id","source_id");--> statement-breakpoint
CREATE INDEX "runs_org_id_workflow_id_index" ON "runs" USING btree ("org_id","workflow_id");--> statement-breakpoint
CREATE INDEX "runs_at_work" ON "runs" USING btree ("org_id") WHERE held_for is null and status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "runs_held" ON "runs" USING btree ("org_id","held_for","held_at","id") WHERE held_for is not null and status = 'queued';--> statement-breakpoint
CREATE INDEX "runs_in_line" ON "runs" USING btree ("org_id","automation_id","line","held_at","id") WHERE line is not null and held_for is not null and status = 'queued';--> statement-breakpoint
CREATE INDEX "runs_out_of_line" ON "runs" USING btree ("org_id","automation_id","line") WHERE line is not null and held_for is null and status in ('queued', 'running', 'waiting');--> statement-breakpoint
CREATE INDEX "runs_throttled" ON "runs" USING btree ("org_id","automation_id","throttle_key","released_at") WHERE throttle_key is not null;--> statement-breakpoint
CREATE INDEX "runs_debounced" ON "runs" USING btree ("org_id","automation_id","debounce_key") WHERE held_for = 'debounce' and status = 'queued';--> statement-breakpoint
CREATE UNIQUE INDEX "variables_name" ON "variables" USING btree ("org_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "dispatch_queue_org_id_available_at_sequence_index" ON "dispatch_queue" USING btree ("org_id","available_at","sequence");--> statement-breakpoint
CREATE INDEX "events_org_id_transaction_id_id_index" ON "events" USING btree ("org_id","transaction_id","id");--> statement-breakpoint
CREATE INDEX "events_org_id_type_created_at_index" ON "events" USING btree ("org_id","type","created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "grants_org_id_principal_kind_principal_id_index" ON "grants" USING btree ("org_id","principal_kind","principal_id");--> statement-breakpoint
CREATE INDEX "members_user_id_index" ON "members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "members_org_id_role_id_index" ON "members" USING btree ("org_id","role_id");--> statement-breakpoint
CREATE INDEX "deliveries_org_id_received_at_index" ON "deliveries" USING btree ("org_id","received_at");--> statement-breakpoint
CREATE INDEX "stored_objects_org_id_last_put_at_index" ON "stored_objects" USING btree ("org_id","last_put_at");--> statement-breakpoint
CREATE INDEX "outgoing_mails_org_id_created_at_index" ON "outgoing_mails" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_unread" ON "notifications" USING btree ("org_id","user_id","kind","subject_id") WHERE read_at IS NULL;--> statement-breakpoint
CREATE INDEX "notifications_org_id_user_id_at_id_index" ON "notifications" USING btree ("org_id","user_id","at","id");--> statement-breakpoint
CREATE INDEX "notifications_org_id_kind_subject_id_index" ON "notifications" USING btree ("org_id","kind","subject_id");--> statement-breakpoint
CREATE INDEX "notifications_org_id_at_index" ON "notifications" USING btree ("org_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "department_members_primary" ON "department_members" USING btree ("org_id","user_id") WHERE is_primary;--> statement-breakpoint
CREATE INDEX "departments_org_id_parent_id_index" ON "departments" USING btree ("org_id","parent_id");--> statement-breakpoint
CREATE INDEX "departments_org_id_created_at_index" ON "departments" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "invites_org_id_created_at_index" ON "invites" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "invites_code" ON "invites" USING btree ("secret_hash") WHERE kind = 'code';--> statement-breakpoint
CREATE UNIQUE INDEX "invites_mail" ON "invites" USING btree ("org_id","email") WHERE kind = 'mail' and uses = 0 and revoked_at is null;--> statement-breakpoint
CREATE INDEX "organization_domains_domain_index" ON "organization_domains" USING btree ("domain");--> statement-breakpoint
CREATE INDEX "support_grants_org_id_created_at_index" ON "support_grants" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "support_visits_org_id_grant_id_created_at_index" ON "support_visits" USING btree ("org_id","grant_id","created_at");--> statement-breakpoint
CREATE INDEX "consents_org_id_user_id_purpose_given_at_index" ON "consents" USING btree ("org_id","user_id","purpose","given_at");--> statement-breakpoint
CREATE UNIQUE INDEX "consents_in_force" ON "consents" USING btree ("org_id","user_id","purpose") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "data_exports_org_id_created_at_index" ON "data_exports" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "data_exports_at_work" ON "data_exports" USING btree ("org_id",coalesce(subject_id, org_id)) WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "erasures_org_id_created_at_index" ON "erasures" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "erasures_open" ON "erasures" USING btree ("org_id","subject_id") WHERE status in ('scheduled', 'running');--> statement-breakpoint
CREATE INDEX "public_calls_created_at_index" ON "public_calls" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "email_tokens_user_id_purpose_created_at_index" ON "email_tokens" USING btree ("user_id","purpose","created_at");--> statement-breakpoint
CREATE INDEX "log_ins_user_id_created_at_index" ON "log_ins" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "log_ins_created_at_index" ON "log_ins" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sessions_org_id_user_id_created_at_index" ON "sessions" USING btree ("org_id","user_id","created_at");--> statement-breakpoint
CREATE INDEX "sign_in_challenges_user_id_expires_at_index" ON "sign_in_challenges" USING btree ("user_id","expires_at");--> statement-breakpoint
CREATE INDEX "throttles_last_at_index" ON "throttles" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "scim_group_members_org_id_user_id_index" ON "scim_group_members" USING btree ("org_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "scim_users_external_id" ON "scim_users" USING btree ("org_id","external_id");--> statement-breakpoint
CREATE INDEX "sign_in_states_expires_at_index" ON "sign_in_states" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sso_connections_domains_index" ON "sso_connections" USING gin ("domains");--> statement-breakpoint
CREATE INDEX "sso_identities_org_id_user_id_index" ON "sso_identities" USING btree ("org_id","user_id");--> statement-breakpoint
CREATE INDEX "used_assertions_org_id_expires_at_index" ON "used_assertions" USING btree ("org_id","expires_at");--> statement-breakpoint
CREATE INDEX "user_identities_user_id_index" ON "user_identities" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "waits_org_id_topic_index" ON "waits" USING btree ("org_id","topic") WHERE status = 'open' and topic is not null;--> statement-breakpoint
CREATE INDEX "waits_org_id_kind_created_at_index" ON "waits" USING btree ("org_id","kind","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "waits_of_agents" ON "waits" USING btree ("org_id","agent_run_id","node_id") WHERE agent_run_id is not null;--> statement-breakpoint
CREATE INDEX "project_members_org_id_user_id_index" ON "project_members" USING btree ("org_id","user_id");--> statement-breakpoint
CREATE INDEX "projects_org_id_created_at_index" ON "projects" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "projects_search_index" ON "projects" USING gin ("search");--> statement-breakpoint
CREATE INDEX "task_views_org_id_owner_id_index" ON "task_views" USING btree ("org_id","owner_id");--> statement-breakpoint
CREATE INDEX "task_views_org_id_project_id_index" ON "task_views" USING btree ("org_id","project_id");--> statement-breakpoint
CREATE INDEX "tasks_org_id_project_id_status_rank_index" ON "tasks" USING btree ("org_id","project_id","status","rank");--> statement-breakpoint
CREATE INDEX "tasks_org_id_status_rank_id_index" ON "tasks" USING btree ("org_id","status","rank","id");--> statement-breakpoint
CREATE INDEX "tasks_org_id_due_date_id_index" ON "tasks" USING btree ("org_id","due_date","id");--> statement-breakpoint
CREATE INDEX "tasks_org_id_created_at_index" ON "tasks" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "tasks_search_index" ON "tasks" USING gin ("search");