DROP INDEX "dispatch_queue_available_at_index";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "held_for" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "held_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "line" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "throttle_key" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "debounce_key" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "released_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "runs_at_work" ON "runs" USING btree ("org_id") WHERE held_for is null and status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "runs_held" ON "runs" USING btree ("org_id","held_for","held_at","id") WHERE held_for is not null and status = 'queued';--> statement-breakpoint
CREATE INDEX "runs_in_line" ON "runs" USING btree ("org_id","automation_id","line","held_at","id") WHERE line is not null and held_for is not null and status = 'queued';--> statement-breakpoint
CREATE INDEX "runs_out_of_line" ON "runs" USING btree ("org_id","automation_id","line") WHERE line is not null and held_for is null and status in ('queued', 'running', 'waiting');--> statement-breakpoint
CREATE INDEX "runs_throttled" ON "runs" USING btree ("org_id","automation_id","throttle_key","released_at") WHERE throttle_key is not null;--> statement-breakpoint
CREATE INDEX "runs_debounced" ON "runs" USING btree ("org_id","automation_id","debounce_key") WHERE held_for = 'debounce' and status = 'queued';--> statement-breakpoint
CREATE INDEX "dispatch_queue_org_id_available_at_sequence_index" ON "dispatch_queue" USING btree ("org_id","available_at","sequence");