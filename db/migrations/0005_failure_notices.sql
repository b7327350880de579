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
ALTER TABLE "failure_notices" ADD CONSTRAINT "failure_notices_org_id_automation_id_automations_org_id_id_fk" FOREIGN KEY ("org_id","automation_id") REFERENCES "public"."automations"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "runs_org_id_automation_id_finished_at_index" ON "runs" USING btree ("org_id","automation_id","finished_at") WHERE status = 'succeeded';